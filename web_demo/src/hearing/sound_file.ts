/** A sound file of any length, heard as it plays: the mouth moves in step with it. */

import type { Values } from "../controls";
import { Failure, part } from "../failures";
import { AudioClock } from "../speech/audio_clock";
import { Ear, type EarStatistics } from "./ear";
import { resume } from "./resume";

/**
 * Seconds by which the sound is held back.
 *
 * The network tells of sound 55 ms ago, hops are 10 ms, and the rest is for computing.
 */
export const HELD_BACK = 0.1;

export interface SoundFileOptions {
  readonly context: AudioContext;
  /** Where the sound goes to. */
  readonly destination: AudioNode;
  /** Address of the folder of `listener/` and `litert/`, ending with a slash. */
  readonly assets: string;
  /** The file was heard to its end. It can be played again. */
  readonly onEnd?: () => void;
  /** Hears of what fails after the start. */
  readonly onError?: (error: Error) => void;
}

/** What is made for one file. */
interface Player {
  readonly audio: HTMLAudioElement;
  readonly node: MediaElementAudioSourceNode;
  readonly delay: DelayNode;
  readonly ear: Ear;
  readonly clock: AudioClock;
}

export class SoundFile {
  private player: Player | null = null;
  private ending: ReturnType<typeof setTimeout> | undefined;
  private removal = new AbortController();

  get isPlaying(): boolean {
    return this.player ? !this.player.audio.paused : false;
  }

  /** What is heard now, in seconds of the file. */
  get position(): number {
    const { currentTime = 0 } = this.player?.audio ?? {};
    return this.isPlaying ? Math.max(currentTime - HELD_BACK, 0) : currentTime;
  }

  /** Seconds; Infinity where the file does not tell. */
  get duration(): number {
    return this.player?.audio.duration ?? 0;
  }

  get statistics(): EarStatistics | null {
    return this.player?.ear.statistics ?? null;
  }

  /** Opens a file and plays it; resolves when it plays, or early after `stop`. */
  async start(file: File | Blob, options: SoundFileOptions) {
    this.stop();
    const { signal } = this.removal;
    try {
      await this.load(file, options, signal);
      if (!signal.aborted) await this.play();
    } catch (error) {
      if (!signal.aborted) this.stop();
      throw error;
    }
  }

  async play() {
    clearTimeout(this.ending);
    const { player } = this;
    if (!player) return;
    await resume(player.node.context);
    await player.audio.play().catch((error: unknown) => {
      const name = error instanceof Error ? error.name : "";
      // Paused or stopped before it began.
      if (name === "AbortError") return;
      throw new Failure("sound_unplayed", { reason: String(error) });
    });
  }

  pause() {
    this.player?.audio.pause();
  }

  seek(seconds: number) {
    if (!this.player) return;
    const end = Number.isFinite(this.duration) ? this.duration : seconds;
    this.player.audio.currentTime = Math.min(Math.max(seconds, 0), end);
  }

  /** Closes the file. */
  stop() {
    this.removal.abort();
    this.removal = new AbortController();
  }

  /** What the mouth does at a time, for the role `mouth`; null where nothing is heard. */
  readonly source = (seconds: number): Values | null => {
    const { player } = this;
    if (player?.node.context.state !== "running") return null;
    return player.ear.at(player.clock.contextTime(seconds) - HELD_BACK);
  };

  private async load(
    file: File | Blob,
    options: SoundFileOptions,
    signal: AbortSignal,
  ) {
    const onError = (error: Error) => this.fail(error, options);
    const audio = await open(file, signal);
    if (signal.aborted) return;
    const ear = await Ear.start({ ...options, onError });
    if (signal.aborted) return ear.dispose();
    this.player = connect(audio, ear, options);
    signal.addEventListener("abort", () => this.release());
    audio.onended = () => {
      this.ending = setTimeout(() => options.onEnd?.(), HELD_BACK * 1000);
    };
    audio.onerror = () => onError(unknown(file));
  }

  private release() {
    clearTimeout(this.ending);
    const { player } = this;
    this.player = null;
    player?.ear.dispose();
    player?.node.disconnect();
    player?.delay.disconnect();
  }

  private fail(error: Error, { onError }: SoundFileOptions) {
    this.stop();
    onError?.(error);
  }
}

/** An element that has begun to read a file, never all of it; `signal` closes it. */
async function open(file: File | Blob, signal: AbortSignal): Promise<HTMLAudioElement> {
  const audio = new Audio();
  const url = URL.createObjectURL(file);
  signal.addEventListener("abort", () => {
    audio.onerror = null;
    audio.onended = null;
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
    URL.revokeObjectURL(url);
  });
  await new Promise<void>((resolve, reject) => {
    // iPhones read no further before they play.
    audio.onloadedmetadata = () => resolve();
    audio.onerror = () => reject(unknown(file));
    signal.addEventListener("abort", () => resolve());
    audio.src = url;
  });
  audio.onloadedmetadata = null;
  return audio;
}

function unknown(file: File | Blob): Failure {
  const name = file instanceof File ? `\`${file.name}\`` : part("the_file");
  return new Failure("sound_unknown", { name });
}

/** The element to the ear at once, and to the destination a little later. */
function connect(
  audio: HTMLAudioElement,
  ear: Ear,
  { context, destination }: SoundFileOptions,
): Player {
  const node = context.createMediaElementSource(audio);
  const delay = new DelayNode(context, { delayTime: HELD_BACK });
  node.connect(ear.input);
  node.connect(delay).connect(destination);
  return { audio, node, delay, ear, clock: new AudioClock(context) };
}
