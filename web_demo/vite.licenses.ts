/** The licences of everything inside the page, which travel with it. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Locked {
  readonly packages: Readonly<Record<string, { dev?: boolean; version: string }>>;
}

/** Writes `licenses.md`: of workers and runtimes too, which Vite's own list leaves out. */
export function licenses(): Plugin {
  return {
    name: "licenses",
    generateBundle() {
      const { packages } = readJson<Locked>("package-lock.json");
      const folders = Object.keys(packages).filter(
        (folder) => folder && !packages[folder]?.dev && existsSync(folder),
      );
      const source = ["# Licenses", ...folders.sort().map(describe)].join("\n\n");
      this.emitFile({ type: "asset", fileName: "licenses.md", source: `${source}\n` });
    },
  };
}

function describe(folder: string): string {
  const { name, version, license } = readJson<Record<string, string>>(
    join(folder, "package.json"),
  );
  const title = `## ${name} ${version} (${license})`;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return file
    ? `${title}\n\n${readFileSync(join(folder, file), "utf8").trim()}`
    : title;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
