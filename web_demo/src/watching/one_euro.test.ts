import { expect, test } from "vitest";
import { OneEuro } from "./one_euro";

const FPS = 30;
const CALM = 1;
const SLOPE = 8;

/** Numbers that look random, the same every time; mean 0, deviation 1. */
function noise(index: number): number {
  const uniform = (seed: number) => {
    const wave = Math.sin(seed * 12.9898) * 43758.5453;
    return wave - Math.floor(wave);
  };
  let sum = -6;
  for (let part = 0; part < 12; part++) sum += uniform(12 * index + part + 1);
  return sum;
}

test("what trembles by little is calmed to less than half", () => {
  const filter = new OneEuro(CALM, SLOPE);
  let [before, after] = [0, 0];
  for (let index = 0; index < 900; index++) {
    const trembling = 0.01 * noise(index);
    const calmed = filter.next(0.3 + trembling, index / FPS) - 0.3;
    if (index < FPS) continue;
    before += trembling ** 2;
    after += calmed ** 2;
  }
  expect(Math.sqrt(after / before)).toBeLessThan(0.5);
});

test("a blink is less than a picture late, and as deep", () => {
  const blink = (seconds: number) =>
    Math.min(Math.max(1.6 - Math.abs((seconds % 2) - 1) / 0.12, 0), 1);
  const filter = new OneEuro(CALM, SLOPE);
  const times = Array.from({ length: 10 * FPS }, (_, index) => index / FPS);
  const smooth = times.map((seconds) => filter.next(blink(seconds), seconds));
  const errorOf = (lag: number) =>
    times.reduce((sum, seconds, index) => {
      return sum + ((smooth[index] ?? 0) - blink(Math.max(seconds - lag, 0))) ** 2;
    }, 0);
  expect(errorOf(0)).toBeLessThan(errorOf(1 / FPS));
  expect(Math.max(...smooth)).toBeGreaterThan(0.97);
});

test("an uneven clock neither stops nor overshoots it", () => {
  const filter = new OneEuro(CALM, SLOPE);
  expect(filter.next(0.5, 1)).toBe(0.5);
  expect(filter.next(0.9, 1)).toBe(0.5);
  const after = filter.next(1, 10);
  expect(after).toBeGreaterThan(0.95);
  expect(after).toBeLessThanOrEqual(1);
});
