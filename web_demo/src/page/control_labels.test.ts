import { afterEach, beforeEach, expect, test, vi } from "vitest";
import schema from "../../../keras_anchor/assets/anchors/adam/controls.json";
import type { Schema } from "../controls";
import { explainRow, labelRow, labelSide } from "./control_labels";
import { groupControls, type Row } from "./groups";
import { startWords } from "./words";

const rows = groupControls(schema as unknown as Schema).flatMap(({ rows }) => rows);
const control = { name: "tailWagLeft", low: 0, high: 1, neutral: 0, help: "of a dog" };
const strange: Row = { stem: "tailWag", label: "Wag", controls: [control] };

function speak(language: string) {
  startWords(language);
}

beforeEach(() => {
  const page = { documentElement: { lang: "" }, querySelectorAll: () => [] };
  vi.stubGlobal("document", page);
});

afterEach(() => {
  speak("en");
  vi.unstubAllGlobals();
});

test("every slider of an anchor has a Chinese label", () => {
  speak("zh");
  for (const row of rows) {
    expect(labelRow(row)).toEqual({
      text: expect.stringMatching(/^\p{Script=Han}+$/u),
      language: "zh-Hans",
    });
    expect(explainRow(row)).toMatch(/\p{Script=Han}/u);
  }
});

test("a pair says its sides", () => {
  const pair = rows.find(({ controls }) => controls.length > 1) as Row;
  const sides = () => pair.controls.map((side) => labelSide(pair, side).text);
  expect(sides()).toEqual([`${pair.label} left`, `${pair.label} right`]);
  speak("zh");
  const { text } = labelRow(pair);
  expect(sides()).toEqual([`${text}（左）`, `${text}（右）`]);
});

test("a control that nobody translated keeps its name and help", () => {
  speak("zh");
  expect(labelRow(strange)).toEqual({ text: "Wag", language: "en" });
  expect(labelSide(strange, control)).toEqual({
    text: "Wag（左）",
    language: "en",
  });
  expect(explainRow(strange)).toBe("tailWagLeft：of a dog");
});
