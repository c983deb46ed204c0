/** What a tracker reads off a face at rest, and faces measured from there. */

import { type Head, headOf, relativePose } from "./pose";

export const CALIBRATION_SECONDS = 1;
// Fewer readings say nothing of rest, however slow the machine.
const MIN_READINGS = 5;
// What a face scores in most pictures, even while it talks, is its rest: as Python's
// `calibrate`.
const REST_SHARE = 0.1;
// A score that rests higher than this is an expression.
const MAX_REST = 0.7;
// How quickly a rest that was none, such as an open mouth, is corrected.
const CORRECTION_PER_SECOND = 0.1;
// A glance has two signs: it is measured from the usual one, both ways.
const GAZE = /^eyeLook/;

/** What the tracker reads off one picture. */
export interface Reading {
  /** When the picture was taken, by `performance.now() / 1000`. */
  readonly seconds: number;
  /** Blendshapes by name, `[0, 1]`. */
  readonly scores: Readonly<Record<string, number>>;
  /** Of the head, 4 x 4, column by column. */
  readonly matrix: ArrayLike<number>;
}

/** One person's face at rest, before one camera; survives JSON. */
export interface Rest {
  readonly scores: Readonly<Record<string, number>>;
  readonly head: Head;
}

/** Collects readings for a second and says how the face rests. */
export class Calibration {
  private readonly readings: Reading[] = [];

  /** Returns the rest as soon as enough was seen. */
  add(reading: Reading): Rest | null {
    this.readings.push(reading);
    const passed = reading.seconds - (this.readings[0]?.seconds ?? reading.seconds);
    const isEnough = this.readings.length >= MIN_READINGS;
    return isEnough && passed >= CALIBRATION_SECONDS ? restOf(this.readings) : null;
  }
}

export function restOf(readings: readonly Reading[]): Rest {
  const heads = readings.map(({ matrix }) => headOf(matrix));
  const names = Object.keys(readings[0]?.scores ?? {});
  const scores = names.map((name) => {
    const seen = readings.map((reading) => reading.scores[name] ?? 0);
    const rest = quantile(seen, GAZE.test(name) ? 0.5 : REST_SHARE);
    return [name, Math.min(rest, MAX_REST)] as const;
  });
  const usual = (axis: keyof Head) =>
    quantile(
      heads.map((head) => head[axis]),
      0.5,
    );
  return {
    scores: Object.fromEntries(scores),
    head: {
      yaw: usual("yaw"),
      pitch: usual("pitch"),
      roll: usual("roll"),
      x: usual("x"),
      y: usual("y"),
      size: usual("size"),
    },
  };
}

/**
 * A rest that goes on learning: whoever smiled when it was found relaxes some day.
 *
 * Each score's rest follows the lowest tenth of what is seen, and never exceeds what
 * was found at first, or an expression that is held would wear off.
 */
export class Resting {
  private readonly scores: Record<string, number>;
  private seconds: number | null = null;

  constructor(private readonly found: Rest) {
    this.scores = { ...found.scores };
  }

  next(reading: Reading): Rest {
    const passed = Math.max(reading.seconds - (this.seconds ?? reading.seconds), 0);
    this.seconds = reading.seconds;
    const step = CORRECTION_PER_SECOND * Math.min(passed, CALIBRATION_SECONDS);
    for (const [name, highest] of Object.entries(this.found.scores)) {
      const rest = this.scores[name] ?? highest;
      const score = reading.scores[name];
      if (score === undefined || GAZE.test(name)) continue;
      const next =
        score < rest
          ? Math.max(rest - (1 - REST_SHARE) * step, score)
          : Math.min(rest + REST_SHARE * step, score);
      this.scores[name] = Math.min(next, highest);
    }
    return { ...this.found, scores: this.scores };
  }
}

/** Blendshapes and pose controls, where rest is 0 and a whole expression stays 1. */
export function fromRest(reading: Reading, rest: Rest): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, score] of Object.entries(reading.scores)) {
    const usual = rest.scores[name] ?? 0;
    values[name] = GAZE.test(name)
      ? score - usual
      : Math.max((score - usual) / (1 - usual), 0);
  }
  return Object.assign(values, relativePose(headOf(reading.matrix), rest.head));
}

/** What a share of the values is below, between neighbours in proportion. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? low;
  return low + (position % 1) * (high - low);
}
