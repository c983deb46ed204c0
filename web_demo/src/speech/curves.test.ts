import { expect, test } from "vitest";
import { buildRandom, bump, interpolate, smooth } from "./curves";

test("smoothing leaves a constant as it is, and spreads a peak", () => {
  const constant = smooth(new Float64Array(20).fill(0.5), 3);
  for (const value of constant) expect(value).toBeCloseTo(0.5);
  const peak = smooth(
    Float64Array.from({ length: 41 }, (_, i) => Number(i === 20)),
    3,
  );
  expect(peak.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
  // A Gaussian, one standard deviation from its peak.
  expect((peak[23] ?? 0) / (peak[20] ?? 0)).toBeCloseTo(Math.exp(-0.5));
});

test("values are joined by lines, and the ends go on", () => {
  const places = [-1, 0, 0.25, 1, 9].map((place) => interpolate([2, 4], place));
  expect(places).toEqual([2, 2, 2.5, 4, 4]);
});

test("a bump starts and ends at nothing", () => {
  const places = [0, 1, 2, 3, 4].map((seconds) => bump(seconds, 1, 1, 2));
  expect(places).toEqual([0, 1, 0.5, 0, 0]);
});

test("the same seed gives the same numbers, all over the range", () => {
  const numbers = (seed: number) => Array.from({ length: 999 }, buildRandom(seed));
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
  const mean = numbers(1).reduce((sum, number) => sum + number, 0) / 999;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
});
