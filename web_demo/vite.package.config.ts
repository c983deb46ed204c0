/** Builds the npm package: the API, its workers and its runtimes, in `package/dist`. */

import { defineConfig } from "vite";
import { companions } from "./vite.companions.ts";
import page from "./vite.config.ts";
import { licenses } from "./vite.licenses.ts";
import { runtimes } from "./vite.runtimes.ts";

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [licenses(), runtimes({ isPacked: false }), companions()],
  worker: page.worker,
  build: {
    outDir: "package/dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { index: "src/index.ts", define: "src/define.ts" },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "[name].js",
        // Flat, so that every script finds the runtimes beside itself.
        chunkFileNames: "[name]-[hash].js",
      },
    },
  },
});
