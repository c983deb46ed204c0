import { expect, test } from "vitest";
import { groupControls, spell } from "./groups";

const names = [
  "lidShutLeft",
  "lidShutRight",
  "lidWide",
  "chinLeft",
  "chinRight",
  "hum",
];
const sides = names.map((name) => ({ name, low: 0, high: 1, neutral: 0, help: "" }));
const pose = ["poseTurn", "poseTilt"].map((name) => ({
  name,
  low: -1,
  high: 1,
  neutral: 0,
  help: "",
}));
const schema = {
  version: 1,
  controls: [...pose, ...sides],
  expressions: {
    nap: { lidShutLeft: 1, lidShutRight: 1 },
    chew: { chinRight: 1 },
    stare: { lidWide: 1 },
  },
};

test("every control has one slider", () => {
  const shown = groupControls(schema)
    .flatMap(({ rows }) => rows)
    .flatMap(({ controls }) => controls.map(({ name }) => name));
  expect(shown.sort()).toEqual(schema.controls.map(({ name }) => name).sort());
});

test("left and right share a row, unless they are directions", () => {
  const labels = groupControls(schema).map(({ title, rows }) => [
    title,
    rows.map(({ label, controls }) => `${label} ${controls.length}`),
  ]);
  expect(Object.fromEntries(labels)).toEqual({
    lid: ["Shut 2", "Wide 1"],
    chin: ["Right 1", "Left 1"],
    pose: ["Turn 1", "Tilt 1"],
    other: ["Hum 1"],
  });
});

test("what expressions use comes first and starts open, and so does the pose", () => {
  const groups = groupControls(schema).map(({ title, isOpen }) => [title, isOpen]);
  expect(groups).toEqual([
    ["lid", true],
    ["chin", true],
    ["pose", true],
    ["other", false],
  ]);
});

test("names become words", () => {
  expect(spell("LookDown")).toBe("Look down");
  expect(spell("headX")).toBe("Head x");
});
