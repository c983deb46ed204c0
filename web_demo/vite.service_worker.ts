/** Builds the service worker beside the page, with a list of the page's files. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SOURCE = "src/service_worker.ts";
const BUILT = "service_worker.js";
const PUBLIC = "public";
// Runtimes and workers are kept when they are used: nobody needs all of them.
const LEFT_OUT = /\.(md|map|wasm|gz)$|_worker|^espeak_package/;

export const serviceWorker = (): Plugin => ({
  name: "service-worker",
  apply: "build",
  buildStart() {
    this.emitFile({ type: "chunk", id: SOURCE, fileName: BUILT });
  },
  generateBundle: {
    order: "post",
    handler(_options, bundle) {
      const chunk = bundle[BUILT];
      if (chunk?.type !== "chunk") throw new Error(`${BUILT} was not built.`);
      if (chunk.imports.length || chunk.exports.length) {
        throw new Error(`${SOURCE} should import and export nothing.`);
      }
      const copied = listFiles(PUBLIC);
      const files = [...Object.keys(bundle), ...copied].sort();
      // Names of built files tell what is in them.
      const hash = createHash("sha256").update(files.join()).update(chunk.code);
      for (const file of copied) hash.update(readFileSync(`${PUBLIC}/${file}`));
      const page = bundle["index.html"];
      if (page?.type === "asset") hash.update(page.source);
      const version = hash.digest("hex").slice(0, 12);
      const kept = files.filter((file) => !LEFT_OUT.test(file));
      chunk.code =
        `const PAGE_VERSION = ${JSON.stringify(version)};\n` +
        `const PAGE_FILES = ${JSON.stringify(kept)};\n${chunk.code}`;
    },
  },
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
}
