import { expect, test } from "vitest";
import { decodeHalfFloats } from "./half_floats";

test("decodes every kind of float16", () => {
  const halves = [0x0000, 0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x7c00];
  const bytes = new Uint8Array(Uint16Array.from(halves).buffer);
  const third = 0.333251953125;
  const numbers = [0, 1, -2, third, 2 ** -24, 65504, Number.POSITIVE_INFINITY];
  expect([...decodeHalfFloats(bytes)]).toEqual(numbers);
});

test("starts where the bytes start", () => {
  const bytes = new Uint8Array(Uint16Array.from([0x3c00, 0xc000]).buffer);
  expect([...decodeHalfFloats(bytes.subarray(2))]).toEqual([-2]);
});
