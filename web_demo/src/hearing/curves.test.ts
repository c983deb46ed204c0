import { expect, test } from "vitest";
import { Curves } from "./curves";

function makeCurves(...rows: readonly (readonly [number, number])[]): Curves {
  const curves = new Curves(["jawOpen", "breath"]);
  for (const [seconds, jaw] of rows) curves.add(seconds, Float32Array.of(jaw, 0));
  return curves;
}

test("between two rows it is between them", () => {
  const curves = makeCurves([1, 0.25], [1.01, 0.75]);
  expect(curves.at(1.0025)?.jawOpen).toBeCloseTo(0.375, 6);
});

test("a control that does not move is not named", () => {
  expect(makeCurves([1, 0.25]).at(1)).toEqual({ jawOpen: 0.25 });
});

test("the newest row holds for a moment, then nothing is known", () => {
  const curves = makeCurves([1, 0.25]);
  expect(curves.at(1.1)).toEqual({ jawOpen: 0.25 });
  expect(curves.at(1.3)).toBeNull();
});

test("before the first row nothing is known", () => {
  expect(makeCurves([1, 0.25]).at(0.9)).toBeNull();
  expect(makeCurves().at(1)).toBeNull();
});

test("three seconds are kept, however long it listens", () => {
  const curves = makeCurves();
  for (let index = 0; index < 100_000; index++) {
    curves.add(index / 100, Float32Array.of(index, 0));
  }
  expect(curves.at(997.5)?.jawOpen).toBeCloseTo(99_750, 2);
  expect(curves.at(990)).toBeNull();
  expect(curves.numRows).toBeLessThan(601);
});
