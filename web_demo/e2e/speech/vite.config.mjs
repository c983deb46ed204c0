/** Bundles the page that `speech.mjs` visits: `npx vite build e2e/speech --outDir X`. */

import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  worker: { format: "es" },
  build: { emptyOutDir: true, target: "es2022" },
});
