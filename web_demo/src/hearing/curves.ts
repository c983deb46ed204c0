/** Controls over the time of a sound, as they are heard: the last few seconds. */

import type { Values } from "../controls";

interface Row {
  readonly seconds: number;
  readonly values: Float32Array;
}

/** Rows of 10 ms that are kept: more than what is delayed. */
const NUM_KEPT = 300;
/** Longer between two rows, nothing was heard, and nothing is known. */
const LONGEST_GAP = 0.2;

export class Curves {
  private rows: Row[] = [];

  constructor(private readonly names: readonly string[]) {}

  /** Adds a row, later than all before it; an earlier one starts anew. */
  add(seconds: number, values: Float32Array) {
    const last = this.rows.at(-1);
    if (last && seconds <= last.seconds) this.rows = [];
    this.rows.push({ seconds, values });
    // Rarely, or every row would move all of them.
    if (this.rows.length > 2 * NUM_KEPT) this.rows = this.rows.slice(-NUM_KEPT);
  }

  get numRows(): number {
    return this.rows.length;
  }

  /** The newest row's time, or null. */
  get newest(): number | null {
    return this.rows.at(-1)?.seconds ?? null;
  }

  /**
   * What the mouth does at a time, linear between rows; null where nobody listened.
   *
   * The newest row holds on for a while.
   */
  at(seconds: number): Values | null {
    const after = this.rows.findIndex((row) => row.seconds > seconds);
    const next = this.rows[after];
    const previous = after < 0 ? this.rows.at(-1) : this.rows[after - 1];
    if (!previous || seconds - previous.seconds > LONGEST_GAP) return null;
    if (!next) return this.name(previous.values);
    const share = (seconds - previous.seconds) / (next.seconds - previous.seconds);
    return this.name(
      previous.values.map(
        (value, index) => value + share * ((next.values[index] ?? value) - value),
      ),
    );
  }

  /** Without what is 0: the mouth is added to others. */
  private name(values: Float32Array): Values {
    const named: Record<string, number> = {};
    this.names.forEach((name, index) => {
      const value = values[index];
      if (value) named[name] = value;
    });
    return named;
  }
}
