/** Renders by LiteRT.js; a classic worker, since its loader calls `importScripts`. */

import { type CompiledModel, Tensor } from "@litertjs/core";
import { Failure } from "../failures";
import { compileModel, startLiteRt } from "../litert";
import { createCpuArtist, createFrameArtist, createGpuArtist } from "./artists";
import type { Load, Parts, Start } from "./messages";
import { answer, type Runtime } from "./worker_loop";

async function begin({ assets, backend, numThreads }: Start): Promise<Runtime> {
  const threads = await startLiteRt(assets, numThreads > 1);
  const where = backend === "litert-webgl2" ? " + WebGL2" : "";
  const count = threads ? `${numThreads} threads` : "1 thread";
  return {
    label: `LiteRT.js${where}, ${count}`,
    count: () => ({ tensors: numTensors }),
    async load(load, fail) {
      const { model, parts } = load.files;
      const compiled = await compileModel(model, numThreads);
      const run = prepare(compiled, load);
      if (!parts) {
        return createFrameArtist(load, async (controls) => {
          const outputs = await run(controls);
          return first(outputs);
        });
      }
      const drawParts = async (controls: Float32Array) => read(await run(controls));
      return backend === "litert-webgl2"
        ? createGpuArtist(load, drawParts, () => fail(new Failure("gpu_lost")))
        : createCpuArtist(load, drawParts);
    },
  };
}

// LiteRT.js does not count what it has made.
let numTensors = 0;

/** A function from controls to arrays by output name; tensors are reused or freed. */
function prepare(model: CompiledModel, { noise }: Load) {
  const inputs = model.getInputDetails();
  const size = inputs.find(({ name }) => name === "controls")?.shape[1] ?? 0;
  const numbers = Float32Array.from(noise);
  return async (controls: Float32Array): Promise<Record<string, Float32Array>> => {
    const values = controls.length ? controls : new Float32Array(size);
    const feeds = {
      controls: new Tensor(values, [1, size]),
      noise: new Tensor(numbers, [1, numbers.length]),
    };
    numTensors += Object.keys(feeds).length;
    const outputs = await model.run(feeds);
    numTensors += Object.keys(outputs).length;
    const read = Object.entries(outputs).map(([name, tensor]) => {
      const array = tensor.toTypedArray() as Float32Array;
      free(tensor);
      return [name, array];
    });
    for (const tensor of Object.values(feeds)) free(tensor);
    return Object.fromEntries(read);
  };
}

function free(tensor: Tensor) {
  tensor.delete();
  numTensors--;
}

function first(outputs: Record<string, Float32Array>): Float32Array {
  const [frame, ...others] = Object.values(outputs);
  if (!frame || others.length) {
    throw new Error("The model should have one output. Export the anchor again.");
  }
  return frame;
}

function read({ places, residual, ...crops }: Record<string, Float32Array>): Parts {
  if (!places || !residual) {
    throw new Error("The model returns no parts of a frame. Export the anchor again.");
  }
  const names = Object.keys(crops).sort();
  return { places, residual, crops: names.map((name) => crops[name] as Float32Array) };
}

answer(begin);
