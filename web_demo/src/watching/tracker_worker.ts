/** Runs MediaPipe's face landmarker beside the page: pictures in, readings out. */

import { FaceLandmarker, type FaceLandmarkerResult } from "@mediapipe/tasks-vision";
import { keepToOrigin } from "./own_origin";
import { buildPictureCanvas } from "./picture_canvas";
import type { Answer, Question, Start } from "./tracker";

// MediaPipe's WebAssembly tells of itself on the console, as errors.
const QUIET = { print: () => {}, printErr: () => {} };
self.fetch = keepToOrigin(self.fetch.bind(self), self.location.origin);

let landmarker: FaceLandmarker | null = null;

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  const answer = await reply(data).catch((error: unknown) => ({
    kind: "failure" as const,
    reason: error instanceof Error ? error.message : String(error),
  }));
  self.postMessage(answer);
};

async function reply(question: Question): Promise<Answer> {
  if (question.kind === "start") {
    landmarker = await build(question);
    return { kind: "ready" };
  }
  const { picture, milliseconds } = question;
  const began = performance.now();
  const result = landmarker?.detectForVideo(picture, milliseconds);
  picture.close();
  const spent = performance.now() - began;
  return { kind: "seen", face: result ? faceOf(result) : null, spent };
}

/**
 * On the CPU, whatever there is: a picture takes less than half of the time until the
 * next one, waits for no GPU, and leaves that to the anchor.
 */
function build({ runtime, model }: Start): Promise<FaceLandmarker> {
  Object.assign(self, { Module: { ...QUIET } });
  const files = {
    wasmLoaderPath: `${runtime}vision_wasm_module_internal.js`,
    wasmBinaryPath: `${runtime}vision_wasm_module_internal.wasm`,
  };
  return FaceLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetBuffer: model, delegate: "CPU" },
    canvas: buildPictureCanvas(),
    runningMode: "VIDEO",
    numFaces: 1,
    outputFaceBlendshapes: true,
    outputFacialTransformationMatrixes: true,
  });
}

function faceOf(result: FaceLandmarkerResult) {
  const categories = result.faceBlendshapes[0]?.categories;
  const matrix = result.facialTransformationMatrixes[0]?.data;
  if (!categories || !matrix) return null;
  const scores = categories.map((one) => [one.categoryName, one.score] as const);
  return { scores: Object.fromEntries(scores), matrix: [...matrix] };
}
