import { expect, test } from "vitest";
import { toPixels } from "./pixels";

test("frames in [-1, 1] become bytes, clipped", () => {
  expect([...toPixels([-1, 0, 1, 1.5], 1, true)]).toEqual([0, 128, 255, 255]);
});

test("frames without alpha are opaque", () => {
  const frame = [-1, -1, -1, 1, 1, 1, -1, 1, -1, 1, -1, 1];
  expect([...toPixels(frame, 2, false)]).toEqual([
    ...[0, 0, 0, 255],
    ...[255, 255, 255, 255],
    ...[0, 255, 0, 255],
    ...[255, 0, 255, 255],
  ]);
});

test("a frame of another size is refused", () => {
  expect(() => toPixels([0, 0, 0], 1, true)).toThrow(/1 x 1 x 4 numbers, received 3/);
});
