import { defineConfig, type Plugin } from "vite";

/**
 * Keeps TF.js' threads alive through minification.
 *
 * A thread starts from the text of one function, which asks `typeof _scriptDir` of a
 * variable outside of it. Minifiers know that it exists and drop the question.
 */
const selfContainedThreads: Plugin = {
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
};

export default defineConfig({
  base: "./",
  plugins: [selfContainedThreads],
  build: {
    outDir: "../keras_anchor/assets/page",
    emptyOutDir: true,
    // What the packages inside ask for: their licences travel with the page.
    license: { fileName: "licenses.md" },
    chunkSizeWarningLimit: 1500,
  },
  // `npm run dev` shows the anchor that `keras-anchor demo` serves beside it.
  server: {
    proxy: {
      "/anchor": "http://127.0.0.1:8000",
      "/idle.json": "http://127.0.0.1:8000",
    },
  },
});
