/** An anchor's files, from a folder or a zip, each checked against its sha256. */

import { type Anchor, readAnchor } from "./anchor";
import { Archive } from "./archive";
import type { Schema } from "./controls";
import { Failure, told } from "./failures";
import { fetchBytes } from "./files";

export interface AnchorFiles {
  readonly info: Anchor;
  readonly schema: Schema;
  /** Bytes of a file that `anchor.json` lists; throws where it is missing or changed. */
  read(
    path: string,
    onProgress?: (share: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where files come from; `place` is what errors call it. */
interface Shelf {
  readonly place: string;
  read(
    path: string,
    onProgress?: (share: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Opens an anchor: the address of a folder, of its `anchor.json`, or of a zip that ends
 * in `.anchor` or `.zip`; or a zip that was dropped on the page.
 *
 * `onProgress` hears which share of a zip has arrived.
 */
export async function openAnchor(
  source: string | Blob,
  onProgress?: (share: number) => void,
): Promise<AnchorFiles> {
  const shelf = await openShelf(source, onProgress);
  const parse = async (path: string) => parseJson(await shelf.read(path), path, shelf);
  const info = readAnchor(await parse("anchor.json"), shelf.place);
  const read: AnchorFiles["read"] = async (path, onProgress) => {
    const expected = info.files[path];
    if (!expected) {
      throw new Failure("hash_missing", { place: shelf.place, path });
    }
    const bytes = await shelf.read(path, onProgress);
    await checkHash(bytes, expected, path, shelf);
    return bytes;
  };
  const schema = parseJson(await read("controls.json"), "controls.json", shelf);
  return { info, schema: checkSchema(schema, shelf), read };
}

async function openShelf(
  source: string | Blob,
  onProgress?: (share: number) => void,
): Promise<Shelf> {
  if (typeof source !== "string") {
    return openZip(source, (source as File).name ?? "The file");
  }
  const url = new URL(
    source,
    globalThis.document?.baseURI ?? globalThis.location?.href,
  );
  if (url.protocol === "file:") {
    throw new Failure("page_opened_as_file");
  }
  if (/\.(anchor|zip)$/i.test(url.pathname)) {
    const bytes = await fetchBytes(url.href, "remedy_name", onProgress);
    return openZip(new Blob([bytes]), url.href);
  }
  url.pathname = url.pathname.replace(/\/(anchor\.json)?$/, "");
  return openFolder(url);
}

function openFolder(folder: URL): Shelf {
  const place = folder.href;
  return {
    place,
    read(path, onProgress) {
      const url = new URL(folder);
      url.pathname += `/${path.split("/").map(encodeURIComponent).join("/")}`;
      const remedy = path === "anchor.json" ? "remedy_make" : "remedy_copy";
      return fetchBytes(url.href, remedy, onProgress);
    },
  };
}

/** A zip whose root, or only folder, holds `anchor.json`. */
async function openZip(blob: Blob, name: string): Promise<Shelf> {
  const archive = await Archive.open(blob, name);
  const roots = new Set(archive.paths.map((path) => path.split("/")[0]));
  const isWrapped = roots.size === 1 && !archive.paths.includes("anchor.json");
  const root = isWrapped ? `${[...roots][0]}/` : "";
  return {
    place: name,
    async read(path, onProgress) {
      const bytes = await archive.read(root + path);
      if (!bytes) throw missing(path, name);
      onProgress?.(1);
      return bytes;
    },
  };
}

function missing(path: string, place: string): Error {
  return path === "anchor.json"
    ? new Failure("zip_without_anchor", { place })
    : new Failure("zip_lacks_file", { path, place });
}

function parseJson(bytes: Uint8Array, path: string, { place }: Shelf): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Failure("json_damaged", { place, path, reason: told(error) });
  }
}

async function checkHash(
  bytes: Uint8Array<ArrayBuffer>,
  expected: string,
  path: string,
  { place }: Shelf,
) {
  // Pages that came by plain http from another machine have no such thing.
  if (!globalThis.crypto?.subtle) return;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const received = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  if (received !== expected) {
    throw new Failure("hash_differs", { path, place });
  }
}

function checkSchema(value: unknown, { place }: Shelf): Schema {
  const schema = value as Schema | null;
  const isControl = (one: Schema["controls"][number]) =>
    typeof one?.name === "string" && one.low < one.high && Number.isFinite(one.neutral);
  if (!Array.isArray(schema?.controls) || !schema.controls.every(isControl)) {
    throw new Failure("controls_damaged", { place });
  }
  return schema;
}
