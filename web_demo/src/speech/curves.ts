/** Curves that start and stop softly, and averages. */

import { smoothstep } from "../smoothstep";

/** 0 to 1 and back, `rise` seconds before `peak` to `fall` seconds after. */
export function bump(seconds: number, peak: number, rise: number, fall: number) {
  const up = smoothstep((seconds - peak + rise) / rise);
  return up * (1 - smoothstep((seconds - peak) / fall));
}

/** Gaussian smoothing; `deviation` in samples, the ends go on for ever. */
export function smooth(values: Float64Array, deviation: number): Float64Array {
  const reach = Math.ceil(4 * deviation);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, index) =>
    Math.exp(-0.5 * ((index - reach) / deviation) ** 2),
  );
  return average(values, weights);
}

/** Weighted means of what is around each value; an odd number of weights. */
export function average(values: Float64Array, weights: readonly number[]) {
  const reach = (weights.length - 1) / 2;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const padded = new Float64Array(values.length + 2 * reach);
  padded.fill(values[0] ?? 0, 0, reach);
  padded.set(values, reach);
  padded.fill(values.at(-1) ?? 0, reach + values.length);
  return values.map((_, index) => {
    let sum = 0;
    for (const [offset, weight] of weights.entries()) {
      sum += weight * (padded[index + offset] ?? 0);
    }
    return sum / total;
  });
}

/** The value at a position among values, linear between; the ends go on for ever. */
export function interpolate(values: ArrayLike<number>, position: number): number {
  const last = values.length - 1;
  const inside = Math.min(Math.max(position, 0), last);
  const index = Math.floor(inside);
  const before = values[index] ?? 0;
  return before + (inside - index) * ((values[index + 1] ?? before) - before);
}

/** Numbers from 0 to 1 that look random; the same seed gives the same ones. */
export function buildRandom(seed: number): () => number {
  let state = seed >>> 0;
  // Mulberry32.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
