import { expect, test } from "vitest";
import type { Anchor } from "../anchor";
import { checkBackend, type Device, listBackends } from "./backends";

const all = { hasGpu: true, hasWebGpu: true, hasSimd: true, numThreads: 4 };
const plain: Device = { ...all, hasGpu: false, hasWebGpu: false };

function anchorOf(...formats: string[]): Anchor {
  const entries = formats.map((format) => [format, { path: format }]);
  return { name: "ann", formats: Object.fromEntries(entries) } as unknown as Anchor;
}

test("without a GPU, the network in int8 comes first", () => {
  const anchor = anchorOf("tflite_float16", "tfjs", "web");
  expect(listBackends(anchor, plain)).toEqual(["litert", "litert-whole", "tfjs-wasm"]);
});

test("with one, TF.js is tried first, for its smaller download", () => {
  const anchor = anchorOf("tfjs", "web");
  expect(listBackends(anchor, all).slice(0, 3)).toEqual([
    "tfjs-webgpu",
    "tfjs-webgl",
    "litert-webgl2",
  ]);
});

test("an anchor that moves no still is drawn whole", () => {
  expect(listBackends(anchorOf("tflite"), plain)).toEqual(["litert-whole"]);
});

test("without vectors in WebAssembly, TF.js is left", () => {
  const anchor = anchorOf("tflite_float16", "tfjs", "web");
  expect(listBackends(anchor, { ...plain, hasSimd: false })).toEqual(["tfjs-wasm"]);
});

test("says what an anchor lacks", () => {
  expect(() => listBackends(anchorOf("saved_model"), plain)).toThrow(
    /ann.*saved_model.*web and tfjs/,
  );
});

test("an unknown backend is refused by name", () => {
  expect(checkBackend(null)).toBeNull();
  expect(checkBackend("litert")).toBe("litert");
  expect(() => checkBackend("cuda")).toThrow(/cuda.*Known: .*litert/);
});
