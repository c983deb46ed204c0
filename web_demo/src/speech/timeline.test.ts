import { expect, test } from "vitest";
import { layOut, Timeline } from "./timeline";

const guess = (word: string) => [{ symbol: word, start: 0, end: 0.1 * word.length }];
const TEXT = "one, three 五";

test("words follow each other, with a pause where there is a mark", () => {
  const { words, phonemes } = layOut(TEXT, guess);
  expect(words.map(({ index }) => index)).toEqual([0, 5, 11]);
  expect(phonemes.map(({ symbol }) => symbol)).toEqual(["one", "", "three", "五"]);
  expect(phonemes.at(-1)?.end).toBeCloseTo(1.1);
});

test("words that are heard are shown when they are, and the rest at their pace", () => {
  const timeline = new Timeline(layOut(TEXT, guess));
  expect(timeline.phonemes.at(-1)?.end).toBeCloseTo(1.1);
  // Guessed at 0.5 seconds.
  timeline.reach(5, 1);
  const [one, pause, three, last] = timeline.phonemes;
  expect(one?.end).toBeCloseTo(0.6);
  expect(pause?.end).toBeCloseTo(1);
  expect(three?.end).toBeCloseTo(2);
  expect(last?.end).toBeCloseTo(2.2);
});

test("what is told twice, or backwards, changes nothing", () => {
  const timeline = new Timeline(layOut(TEXT, guess));
  timeline.reach(5, 1);
  const { phonemes } = timeline;
  timeline.reach(5, 1.5);
  timeline.reach(0, 1.6);
  expect(timeline.phonemes).toEqual(phonemes);
});
