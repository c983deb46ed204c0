/** LiteRT.js in a worker: started from files beside the page, and quiet. */

import {
  type CompiledModel,
  loadAndCompile,
  loadLiteRt,
  supportsFeature,
} from "@litertjs/core";

const THREADED = "litert_wasm_threaded_internal.js";

// It looks for a GPU that nobody asked for, and warns where there is none.
const CHATTER = /WebGPU|^INFO|^WARNING: \[npu/;

/** Starts the runtime in `litert/` of the assets; returns whether it has threads. */
export async function startLiteRt(
  assets: string,
  wantsThreads: boolean,
): Promise<boolean> {
  const folder = `${assets}litert/`;
  Object.assign(self, {
    Module: {
      locateFile: (name: string) => folder + name,
      mainScriptUrlOrBlob: folder + THREADED,
      // It tells what it does on every start.
      print: () => {},
      printErr: () => {},
    },
  });
  const threads = wantsThreads && (await supportsFeature("relaxedSimd"));
  await makePlain(() => loadLiteRt(folder, { threads }));
  return threads;
}

/** A model that computes on the CPU. */
export function compileModel(
  model: string | Uint8Array,
  numThreads: number,
): Promise<CompiledModel> {
  const options = { accelerator: "wasm", cpuOptions: { numThreads } } as const;
  return makePlain(() => loadAndCompile(model, options));
}

/** Runs something, keeping known chatter off the console. */
async function makePlain<T>(run: () => Promise<T>): Promise<T> {
  const { warn, log, error } = console;
  const filter =
    (print: typeof console.log) =>
    (...words: unknown[]) => {
      if (!CHATTER.test(String(words[0]))) print(...words);
    };
  Object.assign(console, {
    warn: filter(warn),
    log: filter(log),
    error: filter(error),
  });
  try {
    return await run();
  } finally {
    Object.assign(console, { warn, log, error });
  }
}
