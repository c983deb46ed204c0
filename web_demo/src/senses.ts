/** The viewer's microphone and camera move the anchor; loaded when first asked for. */

import type { Schema } from "./controls";
import { Microphone } from "./hearing/microphone";
import type { Mixer, Role, Source } from "./mixer";
import { Watcher, type WatcherOptions } from "./watching/watcher";

export interface SensesOptions {
  readonly mixer: Mixer;
  readonly assets: string;
  /** Aborted when the anchor is let go. */
  readonly signal: AbortSignal;
  readonly onError: (error: Error) => void;
}

interface Sense {
  readonly source: Source;
  stop(): void;
}

/** The mouth follows the microphone until what is returned is called. */
export async function listen(
  context: AudioContext,
  options: SensesOptions,
): Promise<() => void> {
  const ending = new AbortController();
  const onError = (error: Error) => {
    ending.abort();
    options.onError(error);
  };
  const microphone = new Microphone({ onError });
  await microphone.start(context, options.assets);
  return join(microphone, "mouth", options, ending);
}

/** The face follows the camera until what is returned is called. */
export async function watch(
  schema: Schema,
  ranges: WatcherOptions["ranges"],
  options: SensesOptions,
): Promise<() => void> {
  const ending = new AbortController();
  const onError = (error: Error) => {
    ending.abort();
    options.onError(error);
  };
  const { assets } = options;
  const watcher = new Watcher(schema, { assets, ranges, onError });
  await watcher.start();
  return join(watcher, "person", options, ending);
}

function join(
  sense: Sense,
  role: Role,
  { mixer, signal }: SensesOptions,
  ending: AbortController,
): () => void {
  const remove = mixer.add(sense.source, role);
  const stop = () => ending.abort();
  ending.signal.addEventListener("abort", () => {
    remove();
    sense.stop();
    signal.removeEventListener("abort", stop);
  });
  signal.addEventListener("abort", stop);
  // The anchor was let go, or the device lost, while it started.
  if (signal.aborted) stop();
  return stop;
}
