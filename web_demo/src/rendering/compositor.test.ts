import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import cases from "./cases/compose.json";
import { Compositor } from "./compositor";
import type { PartsInfo } from "./messages";

const code = readFileSync(new URL("./compositor.wasm", import.meta.url));

/** Numbers as the export stores them; exact for those that Python drew. */
function toHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  const fraction = Math.round((size / 2 ** exponent - 1) * 1024);
  return sign | (((exponent + 15) << 10) + fraction);
}

test.each(cases)("puts together what Python puts together, case %#", async (given) => {
  const info = given.info as unknown as PartsInfo;
  const still = new Uint8Array(Uint16Array.from(given.still, toHalf).buffer);
  const { places, residual, crop_0, crop_1 } = given.parts;
  const side = Math.sqrt(residual.length / info.channels);
  const compositor = await Compositor.create(
    info,
    still,
    { cells: Math.sqrt(places.length / 3), numbers: 3, side },
    code,
  );
  const parts = {
    places: Float32Array.from(places),
    residual: Float32Array.from(residual),
    crops: [Float32Array.from(crop_0), Float32Array.from(crop_1)],
  };
  // Twice, since the second frame starts from what the first one left.
  compositor.compose({ ...parts, crops: parts.crops.map((crop) => crop.map(() => 3)) });
  const pixels = compositor.compose(parts);
  const numbers = info.channels;
  const differences = given.pixels.map((value, index) => {
    const pixel = Math.floor(index / numbers);
    return Math.abs(value - (pixels[4 * pixel + (index % numbers)] ?? 0));
  });
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  if (numbers === 3) expect(pixels[3]).toBe(255);
});
