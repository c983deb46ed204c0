/** A speaker without end: a mouth that says what it is given, and a person around it. */

import type { Control, Values } from "../controls";
import { type Performance, sample } from "../performance";
import { smoothstep } from "../smoothstep";
import { type Cue, Person, type Said } from "./person";
import { VisemeTable } from "./viseme_table";
import { mouthControls } from "./visemes";

export { moods } from "./moods";

export interface SpeakingOptions {
  /** One of `moods`. */
  readonly mood?: string;
  /** How far the mouth opens, 0 to 3; 1 is a newsreader. */
  readonly openness?: number;
  /** Picks which gestures there are. */
  readonly seed?: number;
  /** Frames a second of the performances. */
  readonly fps?: number;
}

interface Entry {
  readonly start: number;
  /** When it takes over, and what the mouth was then beyond what it is now. */
  readonly from: number;
  readonly left: Values;
  readonly performance: Performance;
}

const MAX_OPENNESS = 3;
// Seconds in which a mouth that was interrupted shuts, and one that begins gets going.
const SHUTTING = 0.12;
// Seconds that a mouth needs to shut after the last sound.
const AFTER = 0.2;
const SILENCE: Performance = { fps: 1, names: [], controls: [[]] };

/**
 * Performs one speech after the other.
 *
 * Times are those of the mixer, to which `mouth` is added as a mouth, and `person` as an
 * offset, on top of the idle driver.
 */
export class Speaking {
  private readonly table: VisemeTable;
  private readonly motion: Person;
  private readonly openness: number;
  private readonly fps: number;
  private entries: Entry[] = [];
  private now = -Infinity;

  constructor(
    controls: readonly Control[],
    { mood, openness = 1, seed, fps = 60 }: SpeakingOptions = {},
  ) {
    if (!(openness >= 0 && openness <= MAX_OPENNESS)) {
      throw new Error(
        `Expected an openness of the mouth from 0 to ${MAX_OPENNESS}, received ` +
          `${openness}.`,
      );
    }
    this.table = new VisemeTable(controls);
    this.motion = new Person(controls, mood, seed);
    this.openness = openness;
    this.fps = fps;
  }

  /**
   * Speaks from `start` on, instead of whatever was to be said then.
   *
   * The same speech may be given again while it is heard, its phonemes timed better.
   * Returns the performance of the mouth, its time counting from `start`.
   */
  speak(said: Said, start: number, cues: readonly Cue[] = []): Performance {
    const from = Math.max(start, this.now);
    this.motion.forget(from);
    this.motion.follow(
      cues.filter(({ seconds }) => start + seconds >= from),
      start,
    );
    this.motion.hear(said, start, from);
    const seconds = (said.phonemes.at(-1)?.end ?? 0) + AFTER;
    const numFrames = Math.ceil(seconds * this.fps);
    const openness = Array.from(
      { length: numFrames },
      (_, frame) =>
        this.openness * this.motion.openness(start + (frame + 0.5) / this.fps),
    );
    const { phonemes } = said;
    const mouth = mouthControls(phonemes, numFrames, this.fps, this.table, openness);
    this.take(mouth, start, from);
    return mouth;
  }

  /** Changes the mood, by default now. */
  feel(mood: string, seconds = this.now) {
    this.motion.follow([{ seconds: 0, kind: "mood", value: mood }], seconds);
  }

  /** Stops speaking: the mouth shuts, and gestures come to their end. */
  hush(seconds = this.now) {
    const from = Math.max(seconds, this.now);
    this.motion.forget(from);
    this.take(SILENCE, from, from);
  }

  /** The mouth, for a mixer. */
  readonly mouth = (seconds: number): Values => {
    this.now = Math.max(this.now, seconds);
    this.entries = this.list(seconds);
    return this.read(seconds);
  };

  /** Mood and gestures, for a mixer. */
  readonly person = (seconds: number): Values => {
    this.now = Math.max(this.now, seconds);
    return this.motion.at(seconds);
  };

  private take(performance: Performance, start: number, from: number) {
    const before = this.read(from);
    const after = sample(performance, from - start);
    const names = Object.keys({ ...before, ...after });
    const left = Object.fromEntries(
      names.map((name) => [name, (before[name] ?? 0) - (after[name] ?? 0)]),
    );
    this.entries = this.entries.filter((entry) => entry.from < from);
    this.entries.push({ start, from, left, performance });
  }

  /** What is performed at a time, and what comes after it. */
  private list(seconds: number): Entry[] {
    const next = this.entries.findIndex(({ from }) => from > seconds);
    const current = (next < 0 ? this.entries.length : next) - 1;
    return this.entries.slice(Math.max(0, current));
  }

  private read(seconds: number): Values {
    const entry = this.list(seconds)[0];
    if (!entry || entry.from > seconds) return {};
    const values = sample(entry.performance, seconds - entry.start);
    const share = 1 - smoothstep((seconds - entry.from) / SHUTTING);
    for (const [name, value] of share > 0 ? Object.entries(entry.left) : []) {
      values[name] = (values[name] ?? 0) + share * value;
    }
    return values;
  }
}
