import { expect, test } from "vitest";
import { shapes, sizeOf } from "./paint";

test("films have even sides, in the shape they are named after", () => {
  expect(sizeOf("square", 512)).toEqual([720, 720]);
  expect(sizeOf("wide", 512)).toEqual([1280, 720]);
  expect(sizeOf("upright", 256)).toEqual([480, 854]);
  for (const shape of shapes) {
    expect(sizeOf(shape, 64).every((side) => side % 2 === 0)).toBe(true);
  }
});
