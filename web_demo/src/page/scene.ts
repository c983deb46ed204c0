/** What is behind the anchor, on the stage and in recordings. */

import { build, find } from "./elements";

export type Background =
  | { readonly kind: "studio" | "transparent" }
  | { readonly kind: "colour"; readonly colour: string }
  | { readonly kind: "picture"; readonly picture: HTMLImageElement }
  | { readonly kind: "camera"; readonly video: HTMLVideoElement };

const STUDIO = ["#7a8ca0", "#3a4658"] as const;
// How small a picture gets before it is enlarged again, which blurs it everywhere,
// also where canvases know no filters.
const BLURRED_HEIGHT = 18;

export class Scene {
  background: Background = { kind: "studio" };
  /** Hears of every background that is chosen. */
  onChange = () => {};
  private readonly small = build("canvas");

  /** Shows a background on the stage. */
  choose(background: Background) {
    this.leave(background);
    this.background = background;
    const stage = find("stage");
    stage.dataset.background = background.kind;
    const colour = background.kind === "colour" ? background.colour : "";
    stage.style.setProperty("--colour", colour);
    const { kind } = background;
    const shown =
      kind === "picture"
        ? [background.picture]
        : kind === "camera"
          ? [background.video]
          : [];
    find("backdrop").replaceChildren(...shown);
    this.onChange();
  }

  get isTransparent(): boolean {
    return this.background.kind === "transparent";
  }

  /** Fills a canvas the way the stage looks. */
  paint(context: CanvasRenderingContext2D, width: number, height: number) {
    const { background } = this;
    context.clearRect(0, 0, width, height);
    switch (background.kind) {
      case "transparent":
        return;
      case "colour":
        context.fillStyle = background.colour;
        return context.fillRect(0, 0, width, height);
      case "studio":
        context.fillStyle = buildStudio(context, width, height);
        return context.fillRect(0, 0, width, height);
      case "picture": {
        const { picture } = background;
        const size = [picture.naturalWidth, picture.naturalHeight] as const;
        return cover(context, picture, size, width, height);
      }
      case "camera":
        return this.paintBlurred(context, background.video, width, height);
    }
  }

  private paintBlurred(
    context: CanvasRenderingContext2D,
    video: HTMLVideoElement,
    width: number,
    height: number,
  ) {
    const { small } = this;
    small.height = BLURRED_HEIGHT;
    small.width = Math.round((BLURRED_HEIGHT * width) / height);
    const inner = small.getContext("2d");
    if (!inner || !video.videoWidth) return;
    const size = [video.videoWidth, video.videoHeight] as const;
    cover(inner, video, size, small.width, small.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(small, 0, 0, width, height);
  }

  /** A camera goes off when another background comes. */
  private leave(next: Background) {
    const { background } = this;
    if (background.kind !== "camera" || background === next) return;
    const stream = background.video.srcObject;
    if (stream instanceof MediaStream) for (const one of stream.getTracks()) one.stop();
  }
}

function buildStudio(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
): CanvasGradient {
  const radius = 0.6 * Math.hypot(width, height);
  const [x, y] = [width / 2, 0.42 * height];
  const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
  gradient.addColorStop(0, STUDIO[0]);
  gradient.addColorStop(0.9, STUDIO[1]);
  return gradient;
}

/** Fills a rectangle without distortion, as `object-fit: cover` does. */
function cover(
  context: CanvasRenderingContext2D,
  source: CanvasImageSource,
  [sourceWidth, sourceHeight]: readonly [number, number],
  width: number,
  height: number,
) {
  const scale = Math.max(width / sourceWidth, height / sourceHeight);
  const [w, h] = [scale * sourceWidth, scale * sourceHeight];
  context.drawImage(source, (width - w) / 2, (height - h) / 2, w, h);
}
