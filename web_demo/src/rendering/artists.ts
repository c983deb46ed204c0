/** Networks and canvases joined: from controls to a picture, inside a worker. */

import { Failure } from "../failures";
import { Compositor } from "./compositor";
import type { Load, Parts } from "./messages";
import { toPixels } from "./pixels";
import { Shader } from "./shader";

export interface Artist {
  draw(controls: Float32Array): Promise<ImageBitmap>;
  /** RGBA with straight alpha, row by row from the top. */
  read(controls: Float32Array): Promise<Uint8ClampedArray<ArrayBuffer>>;
}

/** From controls to a whole frame in `[-1, 1]`. */
export type DrawFrame = (controls: Float32Array) => Promise<Float32Array>;

/** From controls to what a frame is put together of. */
export type DrawParts = (controls: Float32Array) => Promise<Parts>;

/** A canvas that pixels are laid on. */
function createSheet(size: number) {
  const canvas = new OffscreenCanvas(size, size);
  // Pixels come from the CPU: a canvas on the GPU would send them there and back.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  return (pixels: Uint8ClampedArray<ArrayBuffer>) => {
    context.putImageData(new ImageData(pixels, size, size), 0, 0);
    return canvas.transferToImageBitmap();
  };
}

export function createFrameArtist({ size, alpha }: Load, run: DrawFrame): Artist {
  const show = createSheet(size);
  const read = async (controls: Float32Array) =>
    toPixels(await run(controls), size, alpha);
  return { read, draw: async (controls) => show(await read(controls)) };
}

/** Puts parts together on the CPU. */
export async function createCpuArtist(load: Load, run: DrawParts): Promise<Artist> {
  const { info, still, sides } = await examine(load, run);
  const compositor = await Compositor.create(info, still, sides);
  const show = createSheet(load.size);
  return {
    read: async (controls) => compositor.compose(await run(controls)).slice(),
    draw: async (controls) => show(compositor.compose(await run(controls))),
  };
}

/** Puts parts together on the GPU; `onLost` hears when it is taken away. */
export async function createGpuArtist(
  load: Load,
  run: DrawParts,
  onLost: () => void,
): Promise<Artist> {
  const { info, still, sides } = await examine(load, run);
  const canvas = new OffscreenCanvas(load.size, load.size);
  const gl = canvas.getContext("webgl2", {
    alpha: true,
    premultipliedAlpha: false,
    antialias: false,
    depth: false,
  });
  if (!gl) throw new Failure("gpu_missing");
  canvas.addEventListener("webglcontextlost", onLost);
  const shader = new Shader(gl, info, still, sides);
  return {
    async read(controls) {
      const parts = await run(controls);
      shader.compose(parts);
      return shader.read();
    },
    async draw(controls) {
      const parts = await run(controls);
      shader.compose(parts);
      return canvas.transferToImageBitmap();
    },
  };
}

/** Runs the network once and reads off how large its parts are. */
async function examine({ files, noise }: Load, run: DrawParts) {
  const { parts: info, still } = files;
  if (!info || !still)
    throw new Error(`No parts for ${noise.length} numbers of noise.`);
  const { places, residual } = await run(new Float32Array(0));
  const numbers = info.boxes.length ? 3 : 2;
  const cells = Math.sqrt(places.length / numbers);
  const side = Math.sqrt(residual.length / info.channels);
  return { info, still, sides: { cells, numbers, side } };
}
