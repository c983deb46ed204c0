import { describe, expect, test } from "vitest";
import { findPhonemes, unmark } from "./espeak_engine";

const RATE = 1000;

describe("findPhonemes", () => {
  test("gives a stop the silence before its burst", () => {
    const sound = new Float32Array(400).fill(0.5).fill(0, 150, 200);
    const marks = [
      { seconds: 0.05, symbol: "ˈɑː" },
      { seconds: 0.2, symbol: "p" },
      { seconds: 0.25, symbol: "" },
    ];
    expect(findPhonemes(sound, RATE, marks)).toEqual([
      { symbol: "", start: 0, end: 0.05 },
      { symbol: "ˈɑː", start: 0.05, end: 0.15 },
      { symbol: "p", start: 0.15, end: 0.25 },
      { symbol: "", start: 0.25, end: 0.4 },
    ]);
  });

  test("takes no more than a closure lasts, and nothing of other sounds", () => {
    const marks = [
      { seconds: 0.05, symbol: "s" },
      { seconds: 0.3, symbol: "ˌt" },
    ];
    const starts = findPhonemes(new Float32Array(400), RATE, marks).map((p) => p.start);
    expect(starts).toEqual([0, 0.05, 0.21]);
  });

  test("leaves a sound before a stop, however quiet", () => {
    const marks = [
      { seconds: 0.05, symbol: "l" },
      { seconds: 0.08, symbol: "k" },
      { seconds: 0.15, symbol: "" },
      { seconds: 0.18, symbol: "t" },
    ];
    expect(findPhonemes(new Float32Array(200), RATE, marks)).toEqual([
      { symbol: "", start: 0, end: 0.05 },
      { symbol: "l", start: 0.05, end: 0.065 },
      { symbol: "k", start: 0.065, end: 0.15 },
      { symbol: "t", start: 0.15, end: 0.2 },
    ]);
  });

  test("does not take a change of language for a sound", () => {
    const marks = [
      { seconds: 0, symbol: "s" },
      { seconds: 0.05, symbol: "(en)" },
      { seconds: 0.06, symbol: "a" },
    ];
    expect(findPhonemes(new Float32Array(100), RATE, marks)).toEqual([
      { symbol: "s", start: 0, end: 0.06 },
      { symbol: "a", start: 0.06, end: 0.1 },
    ]);
  });

  test("is silence where nothing is said", () => {
    const silence = [{ symbol: "", start: 0, end: 0.1 }];
    expect(findPhonemes(new Float32Array(100), RATE, [])).toEqual(silence);
  });
});

test("marks of SSML and of phonemes, and pictures, are not obeyed", () => {
  const text = unmark("a <break time='9s'/> [[h]] R&D 👩‍🔬 🇨🇳 👍🏽\0!");
  expect(text).not.toMatch(
    /<|&|\[\[|\p{Extended_Pictographic}|\p{Regional_Indicator}|🏽|\0/u,
  );
  expect(text).toMatch(/^a .*R and D .*!$/);
});
