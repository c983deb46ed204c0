/** Networks and licences that lie beside the scripts of the npm package. */

import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import type { Plugin } from "vite";

const ASSETS = "../keras_anchor/assets";
/** `{name: where it comes from}`. */
const FILES = {
  LICENSE: "../LICENSE",
  "listener/listener.json": `${ASSETS}/listener/listener.json`,
  "listener/listener.tflite": `${ASSETS}/listener/listener.tflite`,
};
// As `tracker_bundle.py` packs them.
const TRACKER = [
  "face_detector.tflite",
  "face_landmarks_detector.tflite",
  "geometry_pipeline_metadata_landmarks.binarypb",
  "face_blendshapes.tflite",
];
// Networks are read where they lie in the file, so they start at whole words; the field
// that fills the gap is Android's, which has the same need.
const [ALIGNMENT, PADDING_FIELD] = [4, 0xd935];
const [HEAD_SIZE, FIELD_SIZE] = [30, 4];

export function companions(): Plugin {
  return {
    name: "companions",
    generateBundle() {
      const emit = (fileName: string, source: Uint8Array) =>
        this.emitFile({ type: "asset", fileName, source });
      for (const [name, path] of Object.entries(FILES)) emit(name, readFileSync(path));
      emit("tracker/face_landmarker.task", packTracker());
    },
  };
}

function packTracker(): Uint8Array {
  let end = 0;
  const entries = TRACKER.map((name) => {
    const bytes = readFileSync(`${ASSETS}/tracker/${name}`);
    const start = end + HEAD_SIZE + name.length + FIELD_SIZE;
    const gap = (ALIGNMENT - (start % ALIGNMENT)) % ALIGNMENT;
    end = start + gap + bytes.length;
    const extra = { [PADDING_FIELD]: new Uint8Array(gap) };
    return [name, [bytes, { extra }]] as const;
  });
  return zipSync(Object.fromEntries(entries), { level: 0 });
}
