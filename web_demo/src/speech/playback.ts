/** The sentences of one text on their way to the ear. */

import type { Values } from "../controls";
import { type Performance, sample } from "../performance";
import { waitFor } from "../waiting";
import type { AudioClock } from "./audio_clock";
import type { Envelope } from "./beats";
import type { Phoneme } from "./visemes";
import type { Utterance } from "./voices";

/** Seconds from scheduling to sound: the time a busy page may take. */
const LEAD = 0.03;
/** Seconds in which lips get ready for the first sound. */
const READY = 0.06;
/** Seconds in which sound fades when it is stopped. */
const FADE = 0.03;

/** What the lips were told to say. */
export interface Saying {
  readonly phonemes: readonly Phoneme[];
  readonly text: string;
  readonly envelope: Envelope;
  /** When it begins, by the context. */
  readonly begin: number;
  /** When the lips begin, by `performance.now() / 1000`. */
  start: number;
}

export class Playback {
  /** What lips still have to say. */
  sayings: Saying[] = [];
  private readonly controller = new AbortController();
  private readonly gain: GainNode;
  private readonly nodes = new Set<AudioBufferSourceNode>();
  private performances: { performance: Performance; begin: number }[] = [];
  /** The context's time at which all that is scheduled has been heard. */
  private end = 0;

  constructor(
    private readonly context: AudioContext,
    destination: AudioNode,
    private readonly clock: AudioClock,
  ) {
    this.gain = new GainNode(context);
    this.gain.connect(destination);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Schedules a sentence after those before; returns when, by the context. */
  add({ sound, sampleRate }: Utterance): number {
    const earliest = this.context.currentTime + LEAD + (this.end ? 0 : READY);
    const begin = Math.max(this.end, earliest);
    const length = Math.max(sound.length, 1);
    const buffer = new AudioBuffer({ length, sampleRate });
    buffer.copyToChannel(sound, 0);
    const node = new AudioBufferSourceNode(this.context, { buffer });
    node.connect(this.gain);
    node.start(begin);
    node.onended = () => {
      this.nodes.delete(node);
      node.disconnect();
      if (this.signal.aborted) this.leave();
    };
    this.nodes.add(node);
    this.end = begin + buffer.duration;
    return begin;
  }

  perform(performance: Performance, begin: number) {
    this.performances.push({ performance, begin });
  }

  /** What the performance heard at a time shows; its ends are held. */
  show(seconds: number): Values | null {
    const time = this.clock.contextTime(seconds);
    const begun = this.performances.filter(({ begin }) => begin <= time).at(-1);
    const shown = begun ?? this.performances[0];
    return shown ? sample(shown.performance, time - shown.begin) : null;
  }

  /** Lets go of what was heard; a text may have thousands of sentences. */
  forget() {
    const time = this.clock.contextTime(performance.now() / 1000);
    this.sayings = dropHeard(this.sayings, time);
    this.performances = dropHeard(this.performances, time);
  }

  /** Until at most `seconds` are left to be heard. */
  async waitUntilLeft(seconds: number) {
    while (!this.signal.aborted && this.end) {
      const time = this.clock.contextTime(performance.now() / 1000);
      const left = this.end - time - seconds;
      if (left <= 0) return;
      await waitFor(left, this.signal);
    }
  }

  stop() {
    this.controller.abort();
    const { currentTime } = this.context;
    this.gain.gain.setValueAtTime(1, currentTime);
    this.gain.gain.linearRampToValueAtTime(0, currentTime + FADE);
    for (const node of this.nodes) node.stop(currentTime + FADE);
    this.leave();
  }

  /** Or every text would leave a node where all sound goes through. */
  private leave() {
    if (!this.nodes.size) this.gain.disconnect();
  }
}

/** All but those that another one has followed. */
function dropHeard<Item extends { readonly begin: number }>(
  items: Item[],
  time: number,
): Item[] {
  const begun = items.filter(({ begin }) => begin <= time).length;
  return items.slice(Math.max(0, begun - 1));
}
