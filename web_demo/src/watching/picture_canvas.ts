/** Hands pictures to MediaPipe without WebGL. */

const READ_OFTEN = { willReadFrequently: true };
// The numbers by which WebGL knows what MediaPipe asks for at its start.
const [MAX_VERTEX_ATTRIBS, RENDERER, VERSION] = [0x8869, 0x1f01, 0x1f02];
const TRAITS: Readonly<Record<number, number | string>> = {
  [MAX_VERTEX_ATTRIBS]: 16,
  [RENDERER]: "pictures alone",
  [VERSION]: "WebGL 2.0",
};
const NOTHING_TO_DO = [
  "activeTexture",
  "bindFramebuffer",
  "bindTexture",
  "deleteFramebuffer",
  "deleteSync",
  "deleteTexture",
  "framebufferTexture2D",
  "texParameteri",
];
const MADE = ["createFramebuffer", "createTexture", "fenceSync"];

/** Target, level, kept format, format, type: always the same. */
type Layout = [number, number, number, number, number];
/** Left, top, width, height, format, type. */
type Part = [number, number, number, number, number, number];

/**
 * A canvas with as much of WebGL as MediaPipe's CPU delegate uses: a picture goes in as
 * the one texture, and comes out again as pixels.
 *
 * Many browsers without a GPU have no WebGL. Those that draw it by the CPU do it in
 * another process, which waits its turn behind everything else that draws.
 */
export function buildPictureCanvas(): OffscreenCanvas {
  const context = buildContext();
  const canvas = new OffscreenCanvas(1, 1);
  Object.defineProperty(canvas, "getContext", { value: () => context, writable: true });
  return canvas;
}

function buildContext() {
  const canvas = new OffscreenCanvas(1, 1);
  const drawing = canvas.getContext("2d", READ_OFTEN);
  if (!drawing) throw new Error("This browser cannot draw beside the page.");
  return {
    ...Object.fromEntries(NOTHING_TO_DO.map((name) => [name, () => {}])),
    ...Object.fromEntries(MADE.map((name) => [name, () => ({})])),
    getContextAttributes: () => ({}),
    getError: () => 0,
    getExtension: () => null,
    getParameter: (name: number) => TRAITS[name] ?? 0,
    getSupportedExtensions: () => [],
    texImage2D(...[, , , , , picture]: [...Layout, ImageBitmap]) {
      const { width, height } = picture;
      Object.assign(canvas, { width, height });
      drawing.drawImage(picture, 0, 0);
    },
    readPixels(
      ...[x, y, width, height, , , target, start]: [...Part, Uint8Array, number]
    ) {
      target.set(drawing.getImageData(x, y, width, height).data, start);
    },
  };
}
