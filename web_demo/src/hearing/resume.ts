/** Starts sound where the browser waits for a click, or says that it does. */

import { Failure } from "../failures";

/** A context that may run does so at once. */
const LONGEST_MILLISECONDS = 1500;

/** Throws where the viewer has not touched the page yet: a drop alone is no click. */
export async function resume(context: BaseAudioContext) {
  const waiting = new Promise((resolve) => setTimeout(resolve, LONGEST_MILLISECONDS));
  await Promise.race([(context as AudioContext).resume(), waiting]);
  if (context.state === "running") return;
  throw new Failure("sound_needs_click");
}
