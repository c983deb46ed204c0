/** What a body does by itself: gestures that come and go, and slow noise. */

import { bump } from "./curves";

/** A bump of `size`, from `rise` seconds before `peak` to `fall` seconds after. */
export interface Gesture {
  readonly peak: number;
  readonly rise: number;
  readonly fall: number;
  readonly size: number;
}

export class Gestures {
  private gestures: Gesture[] = [];

  add(peak: number, rise: number, fall: number, size: number) {
    this.gestures.push({ peak, rise, fall, size });
  }

  /** Drops what would begin later; what has begun is brought to its end. */
  forget(seconds: number) {
    this.gestures = this.gestures.filter(({ peak, rise }) => peak - rise <= seconds);
  }

  dropPast(seconds: number) {
    this.gestures = this.gestures.filter(({ peak, fall }) => peak + fall > seconds);
  }

  at(seconds: number): number {
    return this.gestures.reduce(
      (sum, { peak, rise, fall, size }) => sum + size * bump(seconds, peak, rise, fall),
      0,
    );
  }
}

const NUM_WAVES = 6;

/** Smooth noise of about unit size: sines of random pace and phase. */
export class Drift {
  private readonly waves: readonly (readonly [pace: number, phase: number])[];

  constructor(random: () => number, [low, high]: readonly [number, number]) {
    this.waves = Array.from({ length: NUM_WAVES }, () => [
      2 * Math.PI * (low + (high - low) * random()),
      2 * Math.PI * random(),
    ]);
  }

  at(seconds: number): number {
    const sum = this.waves.reduce(
      (total, [pace, phase]) => total + Math.sin(pace * seconds + phase),
      0,
    );
    return sum / Math.sqrt(NUM_WAVES / 2);
  }
}
