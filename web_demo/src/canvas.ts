/** The canvas: transparent, so that the page's background shows behind the anchor. */

export class Canvas {
  private readonly context: CanvasRenderingContext2D;

  constructor(
    element: HTMLCanvasElement,
    private readonly size: number,
  ) {
    element.width = size;
    element.height = size;
    const context = element.getContext("2d");
    if (!context) throw new Error("This browser cannot draw on a canvas.");
    this.context = context;
  }

  /** Shows RGBA pixels with straight alpha. */
  draw(pixels: Uint8ClampedArray<ArrayBuffer>) {
    this.context.putImageData(new ImageData(pixels, this.size, this.size), 0, 0);
  }
}
