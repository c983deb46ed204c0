/** `window.anchor`: what a test or the console may use. */

import type { Values } from "../controls";
import type { Studio } from "./studio";

interface Stats {
  readonly fps: number;
  readonly dropped: number;
  readonly median: number;
  readonly percentile95: number;
  /** Bytes of JavaScript on the page; null where the browser does not tell. */
  readonly heap: number | null;
  /** Milliseconds from opening the page to the first frame. */
  readonly firstFrame: number;
}

declare global {
  interface Window {
    anchor: {
      /** Renders exactly these controls; RGBA with straight alpha. */
      render(values: Values): Promise<Uint8ClampedArray>;
      /** What the canvas shows. */
      drawn(): Values;
      /** Whether the canvas shows what the sliders ask for. */
      isSettled(): boolean;
      stats(): Stats;
      /** Tensors that live now. */
      numTensors(): Promise<number>;
    };
  }
  interface Performance {
    /** Of Chromium alone. */
    readonly memory?: { readonly usedJSHeapSize: number };
  }
}

export function offerTesting({ anchor, wanted }: Studio) {
  const firstFrame = performance.now();
  window.anchor = {
    render: (values) => anchor.render(values),
    drawn: () => anchor.drawn,
    isSettled: () =>
      Object.entries(wanted).every(
        ([name, value]) => Math.abs((anchor.drawn[name] ?? 0) - value) < 1e-6,
      ),
    numTensors: async () => (await anchor.count()).tensors,
    stats: () => ({
      ...anchor.latency,
      fps: anchor.fps,
      dropped: anchor.dropped,
      heap: performance.memory?.usedJSHeapSize ?? null,
      firstFrame,
    }),
  };
}
