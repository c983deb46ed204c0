/** A picture as recordings and screenshots show it: background, anchor, mark. */

import type { Scene } from "./scene";
import { Complaint, say } from "./words";

// Width and height, in sides of a square.
const SHAPES = { square: [1, 1], wide: [16 / 9, 1], upright: [1, 16 / 9] } as const;

export type Shape = keyof typeof SHAPES;

export const shapes = Object.keys(SHAPES) as Shape[];

// A small anchor enlarged more is only work for the processor.
const MAX_SIDE = 720;
const SMALL = { size: 256, side: 480 };

/** Width and height in pixels, even as films want them, for an anchor of a size. */
export function sizeOf(shape: Shape, anchorSize: number): [number, number] {
  const side = anchorSize > SMALL.size ? MAX_SIDE : SMALL.side;
  const [width, height] = SHAPES[shape].map(
    (share) => 2 * Math.round((side * share) / 2),
  );
  return [width ?? side, height ?? side];
}

// An upright picture shows the anchor larger, and less of its shoulders.
const MAX_ENLARGEMENT = 1.25;

export interface Look {
  readonly canvas: HTMLCanvasElement;
  readonly scene: Scene;
  readonly hasMark: boolean;
}

export function paint(context: CanvasRenderingContext2D, look: Look) {
  const { width, height } = context.canvas;
  look.scene.paint(context, width, height);
  const side = Math.min(height, MAX_ENLARGEMENT * width);
  context.imageSmoothingQuality = "high";
  context.drawImage(look.canvas, (width - side) / 2, height - side, side, side);
  if (look.hasMark) paintMark(context);
}

export function buildPaper([width, height]: readonly [number, number]) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) throw new Complaint("canvas_missing");
  return context;
}

function paintMark(context: CanvasRenderingContext2D) {
  const unit = Math.min(context.canvas.width, context.canvas.height) / 720;
  const [left, top, height] = [24 * unit, 24 * unit, 40 * unit];
  context.font = `550 ${20 * unit}px system-ui, sans-serif`;
  const words = say("mark");
  const width = context.measureText(words).width + 58 * unit;
  context.fillStyle = "rgb(18 20 25 / 62%)";
  context.beginPath();
  context.roundRect(left, top, width, height, height / 2);
  context.fill();
  context.fillStyle = "#ffb84d";
  context.beginPath();
  context.arc(left + 22 * unit, top + height / 2, 6 * unit, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#fff";
  context.textBaseline = "middle";
  context.fillText(words, left + 38 * unit, top + height / 2 + unit);
}
