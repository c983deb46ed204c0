import { expect, test } from "vitest";
import type { Control } from "../controls";
import { Retarget } from "./retarget";

const FPS = 30;
const control = (name: string, low = 0, high = 1): Control => ({
  name,
  low,
  high,
  neutral: 0,
  help: "",
});
const CONTROLS = [
  control("jawOpen"),
  control("mouthClose"),
  control("eyeBlinkLeft"),
  control("eyeLookInLeft"),
  control("eyeLookOutLeft"),
  control("headYaw", -0.7, 0.7),
  control("headX", -0.2, 0.2),
];
const RANGES = {
  jawOpen: [0, 0, 0.4],
  mouthClose: [0, 0, 0.3],
  eyeBlinkLeft: [0, 0.02, 0.95],
  eyeLookInLeft: [0, 0.1, 0.5],
  eyeLookOutLeft: [0, 0, 0.6],
  headYaw: [-0.3, 0.05, 0.3],
};

/** What the anchor shows once a face was held long enough. */
function hold(retarget: Retarget, values: Record<string, number>, start = 0) {
  let shown: Record<string, number> = {};
  for (let index = 0; index < 2 * FPS; index++) {
    shown = retarget.next(values, start + index / FPS);
  }
  return shown;
}

test.each([0.4, 0.6, 0.9])("lids that read %s when shut are shut", (closure) => {
  const retarget = new Retarget(CONTROLS, RANGES);
  expect(hold(retarget, { eyeBlinkLeft: closure }).eyeBlinkLeft).toBeCloseTo(0.95, 1);
  expect(hold(retarget, { eyeBlinkLeft: 0 }, 3).eyeBlinkLeft).toBeCloseTo(0, 2);
});

test("lips that meet stay shut", () => {
  const retarget = new Retarget(CONTROLS, RANGES);
  expect(hold(retarget, { jawOpen: 0, mouthClose: 0 }).jawOpen).toBe(0);
  const { jawOpen, mouthClose } = hold(retarget, { jawOpen: 0.2, mouthClose: 0.2 }, 3);
  expect(mouthClose).toBeGreaterThan(0.2);
  expect(Math.abs((jawOpen ?? 0) - (mouthClose ?? 0))).toBeLessThan(0.05);
});

test("a wide driver reaches what the anchor can, in order", () => {
  const retarget = new Retarget(CONTROLS, RANGES);
  hold(retarget, { jawOpen: 0.8 });
  const steps = [0, 0.2, 0.4, 0.6, 0.8].map(
    (jawOpen, index) => hold(retarget, { jawOpen }, 3 * index + 3).jawOpen ?? 0,
  );
  expect(steps).toEqual([...steps].sort((one, other) => one - other));
  expect(steps.at(-1)).toBeCloseTo(0.4, 1);
  expect(new Set(steps.map((step) => step.toFixed(2))).size).toBe(5);
});

test("a glance starts from the anchor's usual one", () => {
  const retarget = new Retarget(CONTROLS, RANGES);
  const straight = hold(retarget, { eyeLookInLeft: 0, eyeLookOutLeft: 0 });
  expect(straight).toEqual({ eyeLookInLeft: 0.1, eyeLookOutLeft: 0 });
  const out = hold(retarget, { eyeLookInLeft: -0.1, eyeLookOutLeft: 0.4 }, 3);
  expect(out.eyeLookInLeft).toBe(0);
  expect(out.eyeLookOutLeft).toBeGreaterThan(0.3);
});

test("angles stay what they are, within what the anchor can, and shifts are damped", () => {
  const retarget = new Retarget(CONTROLS, RANGES);
  const { headYaw, headX } = hold(retarget, { headYaw: 0.1, headX: 0.1 });
  expect(headYaw).toBeCloseTo(0.15, 2);
  expect(headX).toBeCloseTo(0.07, 2);
  expect(hold(retarget, { headYaw: 0.6 }, 3).headYaw).toBeLessThan(0.33);
});

test("what the tracker says of no control is left out", () => {
  const retarget = new Retarget(CONTROLS, RANGES);
  expect(retarget.next({ _neutral: 1, jawOpen: 0.2 }, 0)).toEqual({
    jawOpen: expect.any(Number),
  });
});

test("a range that is none is refused", () => {
  expect(() => new Retarget(CONTROLS, { jawOpen: [0, 1] })).toThrow(
    /Expected \[low, usual, high\] as the range of `jawOpen`, received 0,1\. Export/,
  );
});
