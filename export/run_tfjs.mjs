/**
 * Runs a TF.js graph model under Node: `run_tfjs.mjs PACKAGES MODEL INPUTS`.
 *
 * PACKAGES holds node_modules; MODEL is model.json; INPUTS holds controls.bin and
 * noise.bin, float32, a row for each frame, and receives frames.bin.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});
const [packages, modelPath, inputs] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const tf = require("@tensorflow/tfjs-core");
const { loadGraphModel } = require("@tensorflow/tfjs-converter");
const wasm = require("@tensorflow/tfjs-backend-wasm");

const wasmEntry = require.resolve("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(dirname(wasmEntry) + sep);
await tf.setBackend("wasm");
await tf.ready();

const handler = { load: readModel };
const model = await loadGraphModel(handler);
const rows = {};
for (const { name, shape } of model.inputs) {
  rows[name] = split(readFloats(`${name}.bin`), shape[1]);
}
const frames = [];
for (let index = 0; index < rows.controls.length; index++) {
  const output = tf.tidy(() => {
    const feeds = {};
    for (const name of Object.keys(rows)) {
      feeds[name] = tf.tensor2d(rows[name][index], [1, rows[name][index].length]);
    }
    return model.execute(feeds);
  });
  frames.push(Buffer.from((await output.data()).slice().buffer));
  output.dispose();
}
writeFileSync(join(inputs, "frames.bin"), Buffer.concat(frames));

async function readModel() {
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

function readFloats(name) {
  return new Float32Array(new Uint8Array(readFileSync(join(inputs, name))).buffer);
}

function split(values, width) {
  const count = values.length / width;
  return Array.from({ length: count }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
}
