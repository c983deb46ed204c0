import { describe, expect, test } from "vitest";
import { amplify, join, pad, type Speech, trim } from "./speech";

const speech: Speech = {
  sound: Float32Array.from({ length: 100 }, (_, index) => index / 100),
  sampleRate: 100,
  phonemes: [
    { symbol: "", start: 0, end: 0.2 },
    { symbol: "a", start: 0.2, end: 0.5 },
    { symbol: "b", start: 0.5, end: 0.9 },
    { symbol: "", start: 0.9, end: 1 },
  ],
};

describe("trim", () => {
  test("leaves the phonemes and their sound", () => {
    const { sound, phonemes } = trim(speech);
    expect(sound).toEqual(speech.sound.slice(20, 90));
    expect(phonemes.map(({ symbol }) => symbol)).toEqual(["a", "b"]);
    expect(phonemes[0]?.start).toBe(0);
    expect(phonemes[1]?.start).toBeCloseTo(0.3);
    expect(phonemes[1]?.end).toBeCloseTo(0.7);
  });

  test("leaves silence as it is", () => {
    const silence = { ...speech, phonemes: [{ symbol: "", start: 0, end: 1 }] };
    expect(trim(silence).sound).toHaveLength(100);
  });
});

test("what is joined is filled by its phonemes, silences as one", () => {
  const { sound, phonemes } = join([speech, pad(speech, 0.5, 0)]);
  expect(sound).toHaveLength(250);
  expect(phonemes.map(({ symbol }) => symbol)).toEqual([
    "",
    "a",
    "b",
    "",
    "a",
    "b",
    "",
  ]);
  phonemes.forEach(({ start }, index) => {
    expect(start).toBeCloseTo(phonemes[index - 1]?.end ?? 0);
  });
  expect(phonemes.at(-1)?.end).toBeCloseTo(2.5);
});

test("what is too loud is bent, not cut, and stays below the peak", () => {
  const sound = Float32Array.of(0.1, 0.7, -0.8, 3);
  amplify(sound, 1);
  expect(sound[0]).toBeCloseTo(0.1);
  expect(sound[1]).toBeLessThan(0.7);
  expect(sound[2]).toBeLessThan(-(sound[1] ?? 0));
  expect(sound[3]).toBeLessThanOrEqual(10 ** (-1 / 20) + 1e-6);
});
