/** What a dropped file is, told by its content first and its name second. */

import { Complaint, say } from "./words";

export type Kind = "anchor" | "performance" | "script" | "sound" | "picture";

const HEAD_BYTES = 4096;
const SIGNATURES: readonly (readonly [Kind, number, string])[] = [
  ["anchor", 0, "PK\x03\x04"],
  ["sound", 0, "RIFF"],
  ["sound", 0, "OggS"],
  ["sound", 0, "fLaC"],
  ["sound", 0, "ID3"],
  ["sound", 0, "\xff\xfb"],
  ["sound", 0, "\xff\xf3"],
  ["sound", 0, "\xff\xf1"],
  ["sound", 4, "ftyp"],
  ["sound", 0, "\x1aE\xdf\xa3"],
  ["picture", 0, "\x89PNG"],
  ["picture", 0, "\xff\xd8\xff"],
  ["picture", 8, "WEBP"],
];
const NAMES: readonly (readonly [Kind, RegExp])[] = [
  ["anchor", /\.(anchor|zip)$/i],
  ["performance", /\.csv$/i],
  ["script", /\.(txt|md)$/i],
  ["sound", /\.(wav|mp3|ogg|oga|opus|m4a|aac|flac|webm|mp4)$/i],
];

/** Throws a sentence where a file is nothing that the page knows. */
export async function tellKind(file: File): Promise<Kind> {
  if (!file.size)
    throw new Complaint("file_empty", {
      name: file.name,
      expected: say("expected_files"),
    });
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const bytes = String.fromCharCode(...head);
  const signed = SIGNATURES.filter(
    ([, offset, signature]) =>
      bytes.slice(offset, offset + signature.length) === signature,
  ).at(-1)?.[0];
  const named = NAMES.find(([, pattern]) => pattern.test(file.name))?.[0];
  const kind = signed ?? (isText(head) ? readText(named, bytes) : null);
  if (!kind)
    throw new Complaint("file_unknown", {
      name: file.name,
      expected: say("expected_files"),
    });
  if (named && named !== kind) {
    throw new Complaint("file_misnamed", {
      name: file.name,
      named: say(`kind_${named}`),
      kind: say(`kind_${kind}`),
    });
  }
  return kind;
}

function readText(named: Kind | undefined, text: string): Kind | null {
  if (named === "performance" || named === "script") return named;
  // A header of names, then numbers.
  const isTable = /^[^\n]*\w,\w[^\n]*\r?\n[-+\d.,]+/.test(text);
  return named ? "script" : isTable ? "performance" : null;
}

function isText(head: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return !head.includes(0);
  } catch {
    return false;
  }
}
