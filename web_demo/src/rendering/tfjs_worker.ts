/** Renders by TF.js, on the GPU or in WebAssembly. */

import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { type GraphModel, loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { Failure } from "../failures";
import { createFrameArtist, createGpuArtist } from "./artists";
import type { Load, ModelFiles, Start } from "./messages";
import { answer, type Runtime } from "./worker_loop";

const PARTS = ["places", "residual"];

async function begin({ backend, numThreads }: Start): Promise<Runtime> {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  });
  setThreadsCount(numThreads);
  const isSplit = backend === "tfjs-split";
  const name = isSplit ? "wasm" : backend.slice("tfjs-".length);
  // It throws where the browser lacks what the backend is for, such as WebGPU.
  if (!tf.findBackendFactory(name) || !(await tf.setBackend(name))) {
    throw new Failure("backend_fails", { name });
  }
  const count = numThreads > 1 ? `${numThreads} threads` : "1 thread";
  const where = name === "wasm" ? `wasm, ${count}` : name;
  return {
    label: `TF.js ${where}${isSplit ? " + WebGL2" : ""}`,
    count: () => ({ tensors: tf.memory().numTensors }),
    async load(load, fail) {
      const model = await loadModel(load.files);
      const run = prepare(model, load);
      if (!isSplit) {
        return createFrameArtist(load, async (controls) => {
          const [frame] = await run(controls, ["frames"]);
          return frame as Float32Array;
        });
      }
      const crops = load.files.parts?.boxes.map((_, index) => `crop_${index}`) ?? [];
      const drawParts = async (controls: Float32Array) => {
        const [places, residual, ...others] = await run(controls, [...PARTS, ...crops]);
        return {
          places: places as Float32Array,
          residual: residual as Float32Array,
          crops: others,
        };
      };
      return createGpuArtist(load, drawParts, () => fail(new Failure("gpu_lost")));
    },
  };
}

async function loadModel({ model, weights }: ModelFiles): Promise<GraphModel> {
  const { weightsManifest, ...artifacts } = JSON.parse(new TextDecoder().decode(model));
  return loadGraphModel({
    load: async () => ({
      ...artifacts,
      weightSpecs: weightsManifest.flatMap(
        (group: { weights: unknown[] }) => group.weights,
      ),
      weightData: weights?.buffer,
    }),
  });
}

/** A function from controls and output names to arrays; no tensor is left behind. */
function prepare(model: GraphModel, { noise }: Load) {
  const keys = (model.modelStructuredOutputKeys as string[] | undefined) ?? ["frames"];
  const size = model.inputs.find(({ name }) => name.startsWith("controls"))?.shape?.[1];
  const numbers = tf.tensor2d([[...noise]]);
  return async (controls: Float32Array, names: readonly string[]) => {
    const nodes = names.map((name) => nameNode(keys, name));
    const values = controls.length ? controls : new Float32Array(size ?? 0);
    const outputs = tf.tidy(() => {
      const inputs = {
        controls: tf.tensor2d(values, [1, values.length]),
        noise: numbers,
      };
      return [model.execute(inputs, nodes)].flat();
    });
    const arrays = await Promise.all(outputs.map((output) => output.data<"float32">()));
    tf.dispose(outputs);
    return arrays;
  };
}

/** TensorFlow numbers outputs in the order of their names. */
function nameNode(keys: readonly string[], name: string): string {
  const index = keys.indexOf(name);
  if (index >= 0) return index ? `Identity_${index}:0` : "Identity:0";
  throw new Error(`The model has no output ${name}. Export the anchor again.`);
}

answer(begin);
