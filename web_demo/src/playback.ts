/** Plays a performance to its end, or until it is stopped. */

import type { Mixer } from "./mixer";
import { lengthOf, type Performance, sample } from "./performance";
import { waitFor } from "./waiting";

/** Resolves when it is over; what is hidden goes on in time, and so ends in time. */
export async function playPerformance(
  performance: Performance,
  mixer: Mixer,
  signal: AbortSignal,
): Promise<void> {
  if (!performance.controls.length || signal.aborted) return;
  const start = globalThis.performance.now() / 1000;
  const remove = mixer.add((seconds) => sample(performance, seconds - start), "all");
  await waitFor(lengthOf(performance), signal);
  remove();
}
