/** Pixels as a canvas takes them. */

/** Turns a frame in `[-1, 1]` into RGBA bytes; three channels become opaque. */
export function toPixels(
  frame: ArrayLike<number>,
  size: number,
  alpha: boolean,
): Uint8ClampedArray<ArrayBuffer> {
  const channels = alpha ? 4 : 3;
  if (frame.length !== size * size * channels) {
    throw new Error(
      `Expected a frame of ${size} x ${size} x ${channels} numbers, received ` +
        `${frame.length}. Export the anchor again.`,
    );
  }
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let source = 0, target = 0; source < frame.length; source++, target++) {
    if (!alpha && source > 0 && source % 3 === 0) target++;
    pixels[target] = ((frame[source] as number) + 1) * 127.5;
  }
  return pixels;
}
