/** Where TF.js computes: on a real GPU through WebGL, else on the CPU in WebAssembly. */

import "@tensorflow/tfjs-backend-webgl";
import {
  getThreadsCount,
  setThreadsCount,
  setWasmPaths,
} from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import * as tf from "@tensorflow/tfjs-core";
import { describeGpu, isHardware } from "./gpu";

// More threads wait for each other longer than they compute.
const MAX_THREADS = 4;
const BACKENDS = ["webgl", "wasm"];

/**
 * Starts a backend and says how it computes, such as `wasm, 2 threads`.
 *
 * `forced` names a backend; without it, the best one here is chosen.
 */
export async function startBackend(forced: string | null): Promise<string> {
  if (forced !== null && !BACKENDS.includes(forced)) {
    throw new Error(`Unknown backend ${forced}. Known: ${BACKENDS}.`);
  }
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  });
  setThreadsCount(Math.min(navigator.hardwareConcurrency, MAX_THREADS));
  const backend = forced ?? (isHardware(describeGpu()) ? "webgl" : "wasm");
  if (!(await tf.setBackend(backend))) {
    throw new Error(
      `This browser cannot start the backend ${backend}. Try another one of ` +
        `${BACKENDS} at the end of the address, such as ?backend=wasm.`,
    );
  }
  return backend === "wasm" ? `wasm, ${describeThreads(getThreadsCount())}` : backend;
}

function describeThreads(count: number): string {
  return count > 1 ? `${count} threads` : "1 thread";
}
