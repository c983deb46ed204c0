import { expect, test } from "vitest";
import schema from "../../../keras_anchor/assets/anchors/adam/controls.json";
import cases from "./cases/visemes.json";
import { guessPhonemes } from "./guess";
import { CHARACTERS, LETTERS, SYLLABLES, WORDS } from "./guess_table";
import { VisemeTable } from "./viseme_table";
import { mouthControls } from "./visemes";

const table = new VisemeTable(schema.controls);

function symbols(text: string): string {
  return guessPhonemes(text)
    .map(({ symbol }) => symbol || "|")
    .join(" ");
}

test("every guessed phoneme has a shape", () => {
  const lists = [LETTERS.map(([, phonemes]) => phonemes), SYLLABLES];
  const guessed = [
    ...lists.flat(),
    ...Object.values(WORDS),
    ...Object.values(CHARACTERS),
  ];
  for (const symbol of guessed.flatMap((phonemes) => phonemes.split(" "))) {
    if (symbol) expect(table.split(symbol), symbol).not.toEqual([]);
  }
});

test("English is read by its letters", () => {
  expect(symbols("The ship made it, Bobby.")).toBe(
    "ð ə ʃ ˈɪ p m ˈeɪ d ɪ t | b ˈɑː b i |",
  );
  expect(symbols("nation quick yellow time")).toBe(
    "n ˈæ ʃ ə n k w ˈɪ k j ˈɛ l oʊ t ˈaɪ m",
  );
});

test("Chinese characters are a syllable each, and accents do no harm", () => {
  expect(symbols("明天好。")).toBe("m ˈi ŋ t ˈi ɛ n x ˈɑ u |");
  expect(guessPhonemes("明天你好").at(-1)?.end).toBeCloseTo(0.8);
  expect(guessPhonemes("明天你好", 0.3).at(-1)?.end).toBeCloseTo(1.2);
  expect(symbols("Zürich")).toBe("z ˈɜː ɪ tʃ");
});

test("numbers and other scripts move the mouth, and marks alone do not", () => {
  expect(symbols("42")).toBe("f ɔː ɹ t uː");
  expect(guessPhonemes("Привет, мир").length).toBeGreaterThan(6);
  expect(guessPhonemes("🙂 – ").every(({ symbol }) => !symbol)).toBe(true);
  expect(guessPhonemes("")).toEqual([]);
});

test("phonemes follow each other without a gap", () => {
  const phonemes = guessPhonemes("Well, 大家晚上好! It's 7 o'clock; don't wait.");
  for (const [index, { start, end }] of phonemes.entries()) {
    expect(start).toBeCloseTo(phonemes[index - 1]?.end ?? 0);
    expect(end).toBeGreaterThan(start);
  }
});

test("the jaw moves roughly as for a voice that knows its phonemes", () => {
  const likenesses = cases.slice(0, 2).map(({ text, phonemes, num_frames, fps }) => {
    const known = phonemes.map(([start, end, symbol]) => ({
      start: Number(start),
      end: Number(end),
      symbol: String(symbol),
    }));
    const spoken = known.filter(({ symbol }) => symbol);
    const [first, last] = [spoken[0]?.start ?? 0, spoken.at(-1)?.end ?? 0];
    const guessed = guessPhonemes(text).slice(0, -1);
    const pace = (last - first) / (guessed.at(-1)?.end ?? 1);
    const stretched = guessed.map(({ symbol, start, end }) => ({
      symbol,
      start: first + pace * start,
      end: first + pace * end,
    }));
    const [a, b] = [known, stretched].map((list) => {
      const { names, controls } = mouthControls(list, num_frames, fps, table);
      return controls.map((frame) => frame[names.indexOf("jawOpen")] ?? 0);
    });
    return correlate(a ?? [], b ?? []);
  });
  for (const likeness of likenesses) expect(likeness).toBeGreaterThan(0.35);
});

function correlate(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const dot = (x: readonly number[], y: readonly number[], m: number, n: number) =>
    x.reduce((sum, value, index) => sum + (value - m) * ((y[index] ?? 0) - n), 0);
  const norm = dot(a, a, meanA, meanA) * dot(b, b, meanB, meanB);
  return dot(a, b, meanA, meanB) / Math.sqrt(norm);
}
