/**
 * Listens with a TF.js graph model under Node: `run_listener.mjs PACKAGES MODEL FOLDER`.
 *
 * FOLDER holds sound.bin, float32 samples, and receives controls.bin, float32, a row
 * for each hop.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { complainShortly, load, readRows } from "./tfjs_in_node.mjs";

complainShortly();
const [packages, modelPath, folder] = process.argv.slice(2);
const { tf, model } = await load(packages, modelPath);
const shapes = Object.fromEntries(model.inputs.map(({ name, shape }) => [name, shape]));
const rows = [];
let state = tf.zeros(shapes.state);
for (const hop of readRows(join(folder, "sound.bin"), shapes.sound[1])) {
  const sound = tf.tensor2d(hop, shapes.sound);
  const [controls, newState] = model.execute({ sound, state }, ["controls", "new_state"]);
  rows.push(Buffer.from((await controls.data()).slice().buffer));
  tf.dispose([sound, state, controls]);
  state = newState;
}
writeFileSync(join(folder, "controls.bin"), Buffer.concat(rows));
