import { describe, expect, test } from "vitest";
import { Resampler } from "./resampler";

const SECONDS = 0.5;

function makeTone(hertz: number, rate: number): Float32Array {
  return Float32Array.from({ length: SECONDS * rate }, (_, index) =>
    Math.sin((2 * Math.PI * hertz * index) / rate),
  );
}

function resample(sound: Float32Array, fromRate: number, blockSize = 128): number[] {
  const resampler = new Resampler(fromRate, 16000);
  const output: number[] = [];
  for (let start = 0; start < sound.length; start += blockSize) {
    output.push(...resampler.push(sound.subarray(start, start + blockSize)));
  }
  return output;
}

/** The most that sound differs from another, its ends left out. */
function compare(one: readonly number[], other: Float32Array): number {
  const middle = one.slice(200, -200);
  return Math.max(
    ...middle.map((value, index) => Math.abs(value - (other[index + 200] ?? 0))),
  );
}

describe.each([8000, 16000, 22050, 44100, 48000, 96000, 192000])(
  "from %i Hz",
  (rate) => {
    test("a tone that both rates hold stays where and what it is", () => {
      const hertz = 1000;
      const output = resample(makeTone(hertz, rate), rate);
      expect(output.length).toBeGreaterThan(SECONDS * 16000 - 40);
      expect(compare(output, makeTone(hertz, 16000))).toBeLessThan(2e-3);
    });

    test("blocks of any size give the same", () => {
      const tone = makeTone(700, rate);
      const one = resample(tone, rate, 128);
      const other = resample(tone, rate, 1000);
      expect(other).toEqual(one.slice(0, other.length));
    });
  },
);

test.each([44100, 48000, 96000])(
  "from %i Hz, what 16 kHz cannot hold is cut off",
  (rate) => {
    const output = resample(makeTone(9500, rate), rate).slice(200, -200);
    expect(Math.max(...output.map(Math.abs))).toBeLessThan(1e-3);
  },
);
