import { expect, test } from "vitest";
import { Loudness } from "./loudness";

const WANTED = 10 ** (-22 / 20);

function makeHop(loudness: number): Float32Array {
  return Float32Array.from(
    { length: 160 },
    (_, index) => loudness * Math.SQRT2 * Math.sin((2 * Math.PI * index) / 16),
  );
}

function say(loudness: number, hops = 500): number {
  const level = new Loudness();
  let last = makeHop(0);
  for (let index = 0; index < hops; index++) {
    last = makeHop(loudness);
    level.level(last);
    // Half of speech is pauses, which must not count.
    level.level(makeHop(loudness / 100));
  }
  return Math.sqrt(last.reduce((sum, sample) => sum + sample ** 2, 0) / last.length);
}

test.each([0.02, WANTED, 0.4])(
  "speech of loudness %f is brought to -22 dBFS",
  (loud) => {
    expect(say(loud) / WANTED).toBeGreaterThan(0.9);
    expect(say(loud) / WANTED).toBeLessThan(1.1);
  },
);

test("a loud beginning is followed within half a second", () => {
  expect(say(0.4, 25) / WANTED).toBeLessThan(1.5);
});

test("the noise of a quiet room stays quiet", () => {
  expect(say(0.0008)).toBeCloseTo(0.0008, 5);
});

test("a whisper is raised by 20 dB at most", () => {
  expect(say(0.002, 2000)).toBeCloseTo(0.02, 3);
});

test("says how loud a hop was", () => {
  expect(new Loudness().level(makeHop(0.3))).toBeCloseTo(0.3, 5);
});
