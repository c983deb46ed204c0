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
export function listen(
  context: AudioContext,
  options: SensesOptions,
): Promise<() => void> {
  return follow("mouth", options, async (onError) => {
    const microphone = new Microphone({ onError });
    await microphone.start(context, options.assets);
    return microphone;
  });
}

/** The face follows the camera until what is returned is called. */
export function watch(
  schema: Schema,
  ranges: WatcherOptions["ranges"],
  options: SensesOptions,
): Promise<() => void> {
  return follow("person", options, async (onError) => {
    const { assets } = options;
    const watcher = new Watcher(schema, { assets, ranges, onError });
    await watcher.start();
    return watcher;
  });
}

async function follow(
  role: Role,
  { mixer, signal, onError }: SensesOptions,
  start: (onError: (error: Error) => void) => Promise<Sense>,
): Promise<() => void> {
  const ending = new AbortController();
  const stop = () => ending.abort();
  const sense = await start((error) => {
    stop();
    onError(error);
  });
  const remove = mixer.add(sense.source, role);
  const leave = () => {
    remove();
    sense.stop();
    signal.removeEventListener("abort", stop);
  };
  signal.addEventListener("abort", stop);
  ending.signal.addEventListener("abort", leave, { once: true });
  // The device was lost, or the anchor let go, while it started.
  if (ending.signal.aborted || signal.aborted) leave();
  return stop;
}
