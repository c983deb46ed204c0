/** An anchor's generator on the viewer's device: controls to pixels. */

import { type GraphModel, loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import type { Anchor } from "./anchor";
import { formatPath } from "./anchor";
import { toPixels } from "./pixels";

export class Generator {
  private constructor(
    private readonly model: GraphModel,
    private readonly noise: tf.Tensor,
    private readonly anchor: Anchor,
  ) {}

  /** `onProgress` hears which share of the weights has arrived, 0 to 1. */
  static async load(
    folder: string,
    anchor: Anchor,
    onProgress: (share: number) => void,
  ): Promise<Generator> {
    const url = formatPath(folder, anchor, "tfjs");
    const model = await loadGraphModel(url, { onProgress });
    return new Generator(model, tf.tensor2d([[...anchor.noise]]), anchor);
  }

  /**
   * Renders one frame.
   *
   * `controls` are in the order of the anchor's schema. Returns RGBA with straight
   * alpha, row by row from the top left.
   */
  async render(controls: Float32Array): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const frames = tf.tidy(() => {
      const inputs = { controls: tf.tensor2d([[...controls]]), noise: this.noise };
      return onlyTensor(this.model.predict(inputs));
    });
    try {
      return toPixels(await frames.data(), this.anchor.size, this.anchor.alpha);
    } finally {
      frames.dispose();
    }
  }
}

function onlyTensor(output: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap): tf.Tensor {
  if (output instanceof tf.Tensor) return output;
  const [frames, ...others] = Object.values(output);
  if (!frames || others.length) {
    throw new Error("The model should have one output. Export the anchor again.");
  }
  return frames;
}
