import { expect, test } from "vitest";
import { Idle } from "./idle";

const controls = [{ name: "breath", low: -1, high: 1, neutral: 0.5, help: "" }];
const performance = { fps: 10, names: ["breath"], controls: [[0.5], [1], [0]] };

test("moves linearly between frames, as an offset from neutral", () => {
  const idle = new Idle(performance, controls);
  expect(idle.offsets(0).breath).toBe(0);
  expect(idle.offsets(0.05).breath).toBeCloseTo(0.25);
});

test("the end leads into the beginning", () => {
  const idle = new Idle(performance, controls);
  expect(idle.offsets(0.25).breath).toBeCloseTo(-0.25);
  expect(idle.offsets(0.35).breath).toBeCloseTo(idle.offsets(0.05).breath as number);
});

test("a performance of unknown controls is refused", () => {
  const other = { ...performance, names: ["sneeze"] };
  expect(() => new Idle(other, controls)).toThrow(/sneeze.*Known: breath/);
});
