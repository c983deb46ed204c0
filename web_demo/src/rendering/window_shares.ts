/** How far crops cover the still: `window_share` of `keras_anchor/stills.py`. */

import type { PartsInfo } from "./messages";

export interface CropWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** A number in `[0, 1]` for each pixel, row by row. */
  readonly shares: Float32Array;
}

/** The ellipse in a box, fading out at its rim, for each crop. */
export function listWindows({ boxes, edge, size }: PartsInfo): CropWindow[] {
  return boxes.map((box) => {
    const [left, top, right, bottom] = box.map((side) =>
      Math.round(((side + 1) * size) / 2),
    ) as [number, number, number, number];
    const [width, height] = [right - left, bottom - top];
    const half = [(box[2] - box[0]) / 2, (box[3] - box[1]) / 2] as const;
    const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] as const;
    const steepness = Math.min(...half) / (2 * edge);
    const shares = new Float32Array(width * height);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const x = ((2 * (left + column) + 1) / size - 1 - middle[0]) / half[0];
        const y = ((2 * (top + row) + 1) / size - 1 - middle[1]) / half[1];
        const inside = (1 - x * x - y * y) * steepness;
        shares[row * width + column] = Math.min(Math.max(inside, 0), 1);
      }
    }
    return { left, top, width, height, shares };
  });
}
