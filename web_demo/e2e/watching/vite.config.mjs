/** Builds the page of `e2e/watching.mjs`; its folder is the argument `--outDir`. */

export default {
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  worker: { format: "iife" },
  build: { target: "es2022", emptyOutDir: true },
};
