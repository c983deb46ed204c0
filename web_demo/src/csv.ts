/** Cells of a CSV, quoted or not. */

import { Failure, type Sentence } from "./failures";

/** Rows that hold something; `name` is what errors call the file. */
export function parseCsv(text: string, name: string | Sentence): string[][] {
  if (text.includes("\0") || text.includes("\ufffd")) {
    throw new Failure("csv_no_text", { name });
  }
  return text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== "")
    .map(splitLine);
}

function splitLine(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...cells].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
