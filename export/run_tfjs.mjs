/**
 * Draws with a TF.js graph model under Node: `run_tfjs.mjs PACKAGES MODEL INPUTS`.
 *
 * PACKAGES holds node_modules; MODEL is model.json; INPUTS holds controls.bin and
 * noise.bin, float32, a row for each frame, and receives frames.bin.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { complainShortly, load, readRows } from "./tfjs_in_node.mjs";

complainShortly();
const [packages, modelPath, inputs] = process.argv.slice(2);
const { tf, model } = await load(packages, modelPath);
const rows = {};
for (const { name, shape } of model.inputs) {
  rows[name] = readRows(join(inputs, `${name}.bin`), shape[1]);
}
// The others are what a page puts together itself. TensorFlow numbers outputs in the
// order of their names.
const keys = model.modelStructuredOutputKeys ?? ["frames"];
const frames = `Identity_${keys.indexOf("frames")}:0`.replace("_0:", ":");
const drawn = [];
for (let index = 0; index < rows.controls.length; index++) {
  const output = tf.tidy(() => {
    const feeds = {};
    for (const name of Object.keys(rows)) {
      feeds[name] = tf.tensor2d(rows[name][index], [1, rows[name][index].length]);
    }
    return model.execute(feeds, frames);
  });
  drawn.push(Buffer.from((await output.data()).slice().buffer));
  output.dispose();
}
writeFileSync(join(inputs, "frames.bin"), Buffer.concat(drawn));
