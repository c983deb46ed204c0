/** Runtimes of others that lie beside the scripts, to be loaded when they are asked for. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const LITERT = "node_modules/@litertjs/core/wasm";
const MEDIAPIPE = "node_modules/@mediapipe/tasks-vision/wasm";
const PACKED = { level: 9 };

/** `{address: where it comes from}`. */
const RUNTIMES: Readonly<Record<string, string>> = Object.fromEntries([
  ...["internal", "threaded_internal", "compat_internal"].flatMap((kind) =>
    ["js", "wasm"].map((suffix) => {
      const name = `litert_wasm_${kind}.${suffix}`;
      return [`litert/${name}`, `${LITERT}/${name}`];
    }),
  ),
  ...["js", "wasm"].map((suffix) => {
    const name = `vision_wasm_module_internal.${suffix}`;
    return [`mediapipe/${name}`, `${MEDIAPIPE}/${name}`];
  }),
]);

/**
 * Lays the runtimes beside what is built, and serves them in development.
 *
 * Packed, each is there as `NAME.gz` alone, a third as large: `keras-anchor demo` sends
 * it as it is.
 */
export function runtimes({ isPacked }: { isPacked: boolean }): Plugin {
  return {
    name: "runtimes",
    generateBundle() {
      for (const [address, path] of Object.entries(RUNTIMES)) {
        const bytes = readFileSync(path);
        this.emitFile({
          type: "asset",
          fileName: isPacked ? `${address}.gz` : address,
          source: isPacked ? gzipSync(bytes, PACKED) : bytes,
        });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = RUNTIMES[(request.url ?? "").split("?")[0]?.slice(1) ?? ""];
        if (!path) return next();
        const type = path.endsWith(".js") ? "text/javascript" : "application/wasm";
        response.setHeader("Content-Type", type);
        response.end(readFileSync(path));
      });
    },
  };
}
