/** The network that listens, by LiteRT.js: a hop of sound to controls. */

import { type CompiledModel, Tensor } from "@litertjs/core";
import { compileModel, startLiteRt } from "../litert";
import type { ListenerInfo } from "./messages";

export class Network {
  private state: Float32Array;

  private constructor(
    private readonly model: CompiledModel,
    stateSize: number,
  ) {
    this.state = new Float32Array(stateSize);
  }

  /** `assets` is the address of the folder of `listener/` and `litert/`. */
  static async load(assets: string, info: ListenerInfo): Promise<Network> {
    const model = await compile(assets);
    const network = new Network(model, info.state_size);
    // The first run is slow, and must not cost the first hops.
    await network.hear(new Float32Array(info.hop));
    network.state.fill(0);
    return network;
  }

  /** Controls `(num_controls,)` after the next hop of a stream. */
  async hear(sound: Float32Array): Promise<Float32Array> {
    const feeds = {
      sound: new Tensor(sound, [1, sound.length]),
      state: new Tensor(this.state, [1, this.state.length]),
    };
    // By name, since their order is not that of the export.
    const said = await this.model.run(feeds);
    const tensors = [...Object.values(feeds), ...Object.values(said)];
    try {
      const { controls, new_state: state } = said;
      if (!controls || !state) {
        throw new Error("the listener is of another version");
      }
      this.state = state.toTypedArray().slice() as Float32Array;
      return controls.toTypedArray().slice() as Float32Array;
    } finally {
      for (const tensor of tensors) tensor.delete();
    }
  }
}

async function compile(assets: string): Promise<CompiledModel> {
  // So small a network needs no threads, but the picture has fetched that file.
  const wantsThreads = self.crossOriginIsolated && navigator.hardwareConcurrency > 1;
  await startLiteRt(assets, wantsThreads);
  return compileModel(`${assets}listener/listener.tflite`, 1);
}
