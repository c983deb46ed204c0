/** What can render an anchor on this device, the likeliest first. */

import type { Anchor } from "../anchor";
import { Failure } from "../failures";
import type { Backend } from "./messages";

interface Needs {
  /** Formats of the anchor; one of each list. */
  readonly formats: readonly (readonly string[])[];
  readonly needsGpu?: boolean;
  readonly needsWebGpu?: boolean;
  readonly needsSimd?: boolean;
}

const WEB = ["web"];
const TFJS = ["tfjs"];

/** In the order in which they are tried. */
export const BACKENDS: Readonly<Record<Backend, Needs>> = {
  "tfjs-webgpu": { formats: [TFJS], needsGpu: true, needsWebGpu: true },
  "tfjs-webgl": { formats: [TFJS], needsGpu: true },
  "litert-webgl2": { formats: [WEB], needsGpu: true, needsSimd: true },
  litert: { formats: [WEB], needsSimd: true },
  "litert-whole": { formats: [["tflite_float16", "tflite"]], needsSimd: true },
  "tfjs-wasm": { formats: [TFJS] },
  // Slower than the others wherever it was measured: only when asked for.
  "tfjs-split": { formats: [TFJS, WEB], needsGpu: true },
};
const NEVER_CHOSEN: readonly Backend[] = ["tfjs-split"];

export interface Device {
  /** Draws WebGL and WebGPU by itself, not on the CPU. */
  readonly hasGpu: boolean;
  readonly hasWebGpu: boolean;
  readonly hasSimd: boolean;
  readonly numThreads: number;
}

/** Checks what an address or an attribute asks for; null for nothing. */
export function checkBackend(name: string | null): Backend | null {
  if (name === null || name in BACKENDS) return name as Backend | null;
  throw new Failure("backend_unknown", {
    name,
    known: Object.keys(BACKENDS).join(", "),
  });
}

/** Backends that can render this anchor here. */
export function listBackends(anchor: Anchor, device: Device): Backend[] {
  const names = Object.keys(BACKENDS) as Backend[];
  const usable = names.filter((name) => {
    const { formats, needsGpu, needsWebGpu, needsSimd } = BACKENDS[name];
    return (
      !NEVER_CHOSEN.includes(name) &&
      hasFormats(anchor, formats) &&
      (!needsGpu || device.hasGpu) &&
      (!needsWebGpu || device.hasWebGpu) &&
      (!needsSimd || device.hasSimd)
    );
  });
  if (usable.length) return usable;
  const formats = Object.keys(anchor.formats).join(", ");
  throw new Failure("no_format", { name: anchor.name, formats });
}

function hasFormats({ formats }: Anchor, needed: Needs["formats"]): boolean {
  return needed.every((names) => names.some((name) => name in formats));
}
