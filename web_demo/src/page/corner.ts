/** The corner: frames a second and where they are computed, or how late they are. */

import type { VirtualAnchor } from "../virtual_anchor";
import { find } from "./elements";
import { say } from "./words";

const PERIOD_MILLISECONDS = 500;

export function startCorner(anchor: VirtualAnchor, signal: AbortSignal) {
  const corner = find<HTMLButtonElement>("rate");
  let showsLatency = false;

  function show() {
    corner.textContent = `${showsLatency ? spellLatency() : spellRate()} · ${anchor.backend}`;
    corner.title = say("rate_title");
  }

  function spellRate(): string {
    const { fps } = anchor;
    return fps ? say("rate", { fps: String(fps) }) : say("at_rest");
  }

  function spellLatency(): string {
    const { median, percentile95 } = anchor.latency;
    if (Number.isNaN(median)) return say("latency_none");
    return say("latency", { median: median.toFixed(1), slow: percentile95.toFixed(1) });
  }

  corner.addEventListener(
    "click",
    () => {
      showsLatency = !showsLatency;
      show();
    },
    { signal },
  );
  const timer = setInterval(show, PERIOD_MILLISECONDS);
  signal.addEventListener("abort", () => clearInterval(timer));
  show();
  corner.hidden = false;
}
