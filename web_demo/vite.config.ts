import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { licenses } from "./vite.licenses.ts";
import { runtimes } from "./vite.runtimes.ts";
import { serviceWorker } from "./vite.service_worker.ts";

/**
 * Keeps TF.js' threads alive through minification.
 *
 * A thread starts from the text of one function, which asks `typeof _scriptDir` of a
 * variable outside of it. Minifiers know that it exists and drop the question.
 */
const selfContainedThreads = (): Plugin => ({
  name: "self-contained-threads",
  transform: {
    filter: { id: /tfjs-backend-wasm-threaded-simd\.js/ },
    handler: (code) =>
      code
        .replace('typeof _scriptDir !== "undefined" && _scriptDir', "false")
        .replace(
          'Module["mainScriptUrlOrBlob"]||_scriptDir',
          "Module.mainScriptUrlOrBlob",
        ),
  },
});

/** How to make the add-on espeak-ng, for `keras-anchor demo --install-espeak`. */
const espeakRecipe: Plugin = {
  name: "espeak-recipe",
  generateBundle() {
    for (const name of ["build.mjs", "package.json", "package-lock.json"]) {
      const source = readFileSync(`espeak/${name}`);
      this.emitFile({ type: "asset", fileName: `espeak_package/${name}`, source });
    }
  },
};

export default defineConfig({
  base: "./",
  plugins: [
    selfContainedThreads(),
    licenses(),
    runtimes({ isPacked: true }),
    espeakRecipe,
    serviceWorker(),
  ],
  // Workers are classic scripts, which LiteRT.js needs.
  worker: { format: "iife", plugins: () => [selfContainedThreads()] },
  build: {
    outDir: "../keras_anchor/assets/page",
    emptyOutDir: true,
    // A policy without data: lets nothing be inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  // `npm run dev` shows the anchor that `keras-anchor demo` serves beside it.
  server: {
    // Tables that Python reads as well lie beside it.
    fs: { allow: [".."] },
    proxy: Object.fromEntries(
      ["/anchor", "/listener", "/tracker", "/espeak", "/voices.json", "/speak"].map(
        (address) => [address, "http://127.0.0.1:8000"],
      ),
    ),
  },
});
