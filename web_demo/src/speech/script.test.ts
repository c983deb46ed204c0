import { expect, test } from "vitest";
import cases from "./cases/scripts.json";
import { parseParagraphs } from "./paragraphs";
import { parseScript } from "./script";

interface Case {
  readonly text: string;
  readonly error?: string;
  readonly paragraphs?: readonly unknown[];
}

const KEPT = ["pause", "mood", "look", "nod", "voice"];

test.each(cases as readonly Case[])("reads $text as Python does", (wanted) => {
  if (wanted.error !== undefined) {
    expect(() => parseParagraphs(wanted.text)).toThrow(
      expect.objectContaining({ message: wanted.error }),
    );
    return;
  }
  const paragraphs = parseParagraphs(wanted.text).map((paragraph) => ({
    ...paragraph,
    cues: paragraph.cues
      .filter(({ kind }) => KEPT.includes(kind))
      .map(({ offset, kind, value }) => [offset, kind, value]),
  }));
  expect(paragraphs).toEqual(wanted.paragraphs);
});

test("parts are what one voice says without a pause", () => {
  const parts = parseScript(
    "# News\n[mood friendly] Good evening. [pause 0.5] It is [nod] warm.\n\n" +
      "[voice zh] 再见。[voice] Bye [mood sad] now.",
  );
  const said = parts.map(({ text, mood, voice }) => [text, mood, voice]);
  expect(said).toEqual([
    ["Good evening.", "friendly", null],
    ["It is warm.", "friendly", null],
    ["再见。", "friendly", "zh"],
    ["Bye now.", "friendly", null],
  ]);
  const pauses = [0.5, 0.7, 0.4, 0.4];
  for (const [index, { pauseAfter }] of parts.entries()) {
    expect(pauseAfter).toBeCloseTo(pauses[index] ?? 0);
  }
  expect(parts[1]?.cues).toEqual([{ offset: 6, kind: "nod", value: "" }]);
  expect(parts[3]?.cues).toEqual([{ offset: 4, kind: "mood", value: "sad" }]);
});

test("pauses add up, wherever they stand", () => {
  const parts = parseScript(
    "[pause 1] A [pause 1][pause 2] b [pause 3]\n\n[pause 4]\n\nC",
  );
  const pauses = parts.map(({ text, pauseAfter }) => [
    text,
    Math.round(10 * pauseAfter),
  ]);
  expect(pauses).toEqual([
    ["", 10],
    ["A", 30],
    ["b", 84],
    ["C", 4],
  ]);
});

test("no cue for the anchor gets lost", () => {
  const parts = parseScript(
    "[nod] A [pause 1] … [look up] [pause 1] B [voice en] ! [nod]",
  );
  const cues = parts.map(({ text, cues }) => [text, cues.map(({ kind }) => kind)]);
  expect(cues).toEqual([
    ["A", ["nod"]],
    ["B", ["look", "nod"]],
  ]);
});

test("cues fall where their words are said", () => {
  const [part] = parseScript("Hello [nod] all.");
  expect(part?.cues).toEqual([{ offset: 6, kind: "nod", value: "" }]);
});

test("voices are checked where they are known", () => {
  expect(() =>
    parseScript("[voice klingon] a", { name: "a.txt", voices: ["en"] }),
  ).toThrow(
    "a.txt, line 1, column 1: found `[voice klingon]`. Unknown voice 'klingon'. " +
      "Known: en.",
  );
  expect(parseScript("[voice klingon] a")[0]?.voice).toBe("klingon");
});
