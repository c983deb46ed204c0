/** What a dropped file is, told by its content first and its name second. */

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
const EXPECTED =
  "Expected a sound (.wav, .mp3, .ogg, .m4a), a performance (.csv), a script (.txt), " +
  "an anchor (.anchor, .zip) or a picture for the background (.png, .jpg)";

/** Throws a sentence where a file is nothing that the page knows. */
export async function tellKind(file: File): Promise<Kind> {
  if (!file.size) throw new Error(`${file.name} is empty. ${EXPECTED}.`);
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const bytes = String.fromCharCode(...head);
  const signed = SIGNATURES.filter(
    ([, offset, signature]) =>
      bytes.slice(offset, offset + signature.length) === signature,
  ).at(-1)?.[0];
  const named = NAMES.find(([, pattern]) => pattern.test(file.name))?.[0];
  const kind = signed ?? (isText(head) ? readText(named, bytes) : null);
  if (!kind)
    throw new Error(`${file.name} is of no kind that works here. ${EXPECTED}.`);
  if (named && named !== kind) {
    throw new Error(
      `${file.name} is named like ${describe(named)}, and holds ${describe(kind)}. ` +
        "Rename it, or drop another file.",
    );
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

function describe(kind: Kind): string {
  return kind === "script" ? "a text" : `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}
