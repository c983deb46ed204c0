import { expect, test } from "vitest";
import schema from "../../../keras_anchor/assets/anchors/adam/controls.json";
import cases from "./cases/visemes.json";
import { VisemeTable } from "./viseme_table";
import { measureStress, mouthControls, type Phoneme } from "./visemes";

const table = new VisemeTable(schema.controls);

function readPhonemes(rows: readonly (string | number)[][]): Phoneme[] {
  return rows.map(([start, end, symbol]) => ({
    start: Number(start),
    end: Number(end),
    symbol: String(symbol),
  }));
}

function readOpenness(openness: number | number[], numFrames: number) {
  if (typeof openness === "number") return openness;
  const [first = 1, last = 1] = openness;
  const step = (last - first) / (numFrames - 1);
  return Array.from({ length: numFrames }, (_, frame) => first + frame * step);
}

test.each(cases)("moves the mouth as Python does: $text $fps $openness", (wanted) => {
  const { fps, num_frames } = wanted;
  const openness = readOpenness(wanted.openness, num_frames);
  const phonemes = readPhonemes(wanted.phonemes);
  const { names, controls } = mouthControls(phonemes, num_frames, fps, table, openness);
  const columns = new Map(wanted.names.map((name, column) => [name, column]));
  expect(names).toEqual(expect.arrayContaining(wanted.names));
  const faults = controls.flatMap((frame, index) =>
    names.map((name, column) => {
      const answer = wanted.controls[index]?.[columns.get(name) ?? -1] ?? 0;
      return Math.abs((frame[column] ?? Number.NaN) - answer);
    }),
  );
  expect(controls.length).toBe(wanted.controls.length);
  expect(faults.every((fault) => fault < 1e-4)).toBe(true);
});

test("silence is a mouth at rest, and no frames are none", () => {
  const silence = [{ symbol: "", start: 0, end: 1 }];
  const { controls } = mouthControls(silence, 25, 25, table);
  expect(controls.flat().every((value) => value === 0)).toBe(true);
  expect(mouthControls([], 3, 25, table).controls).toHaveLength(3);
  expect(mouthControls(silence, 0, 25, table).controls).toEqual([]);
});

test("an anchor that lacks controls speaks with those that it has", () => {
  const fewer = schema.controls.filter(({ name }) => !/^(tongue|cheek)/.test(name));
  const names = new VisemeTable(fewer).columns.map(({ name }) => name);
  expect(names).toContain("jawOpen");
  expect(names).not.toContain("tongueOut");
});

test("a full tone is stressed, and so is a mark", () => {
  expect(["ˈa", "ˌa", "a", "a↘", ""].map(measureStress)).toEqual([1, 0.9, 0.8, 1, 0.8]);
});

test("marks of length have no shape", () => {
  expect(table.split("ˈiː")).toEqual(table.split("i"));
  expect(table.split("tʃ")).toHaveLength(1);
  expect(table.split("ˈaɪ")).toHaveLength(2);
  expect(table.split("🙂")).toEqual([]);
});
