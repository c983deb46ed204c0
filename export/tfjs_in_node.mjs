/** A TF.js graph model under Node, in the WebAssembly backend. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

/**
 * @param packages folder that holds node_modules
 * @param modelPath model.json
 * @returns `{tf, model}`
 */
export async function load(packages, modelPath) {
  const require = createRequire(join(packages, "package.json"));
  const tf = require("@tensorflow/tfjs-core");
  const { loadGraphModel } = require("@tensorflow/tfjs-converter");
  const wasm = require("@tensorflow/tfjs-backend-wasm");

  const wasmEntry = require.resolve("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(dirname(wasmEntry) + sep);
  await tf.setBackend("wasm");
  await tf.ready();
  const model = await loadGraphModel({ load: () => readModel(modelPath) });
  return { tf, model };
}

async function readModel(modelPath) {
  const { weightsManifest, ...artifacts } = JSON.parse(readFileSync(modelPath, "utf8"));
  const folder = dirname(modelPath);
  const shards = weightsManifest.flatMap((group) => group.paths);
  const weights = Buffer.concat(shards.map((path) => readFileSync(join(folder, path))));
  return {
    ...artifacts,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: new Uint8Array(weights).buffer,
  };
}

/** Rows of `width` numbers out of a file of float32. */
export function readRows(path, width) {
  const values = new Float32Array(new Uint8Array(readFileSync(path)).buffer);
  const count = values.length / width;
  return Array.from({ length: count }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
}

/** Ends the process with one line instead of a trace. */
export function complainShortly() {
  process.on("uncaughtException", (error) => {
    console.error(error.message);
    process.exit(1);
  });
}
