/** Files in a zip, unpacked one by one when they are asked for. */

import { checkInside } from "./anchor";
import { Failure, part, type Sentence, told } from "./failures";
import { joinChunks, MAX_BYTES, readChunks } from "./files";

// The layout of a zip, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT:
// section 4.3.16 tells the end, 4.3.12 the directory, 4.3.7 what precedes each file.
const END = { signature: 0x06054b50, size: 22 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const MAX_COMMENT_SIZE = 65_535;
const [STORED, DEFLATED] = [0, 8];
const IS_ENCRYPTED = 1;
// What macOS puts into a zip by itself.
const OF_FINDER = /^__MACOSX\/|(^|\/)\.DS_Store$/;

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

export class Archive {
  private constructor(
    private readonly blob: Blob,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly name: string,
  ) {}

  /**
   * Reads which files there are.
   *
   * `name` is what errors call the zip.
   */
  static async open(blob: Blob, name: string): Promise<Archive> {
    const all = await readDirectory(blob, name);
    const entries = all.filter(({ path }) => !OF_FINDER.test(path));
    for (const { path } of entries) checkInside(path, name);
    if (entries.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) {
      throw new Failure("zip_too_large", { name, limit: MAX_BYTES / 1e9 });
    }
    const files = entries.filter(({ path }) => !path.endsWith("/"));
    return new Archive(blob, new Map(files.map((one) => [one.path, one])), name);
  }

  get paths(): string[] {
    return [...this.entries.keys()];
  }

  /** The bytes of a file, or null where there is none. */
  async read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const entry = this.entries.get(path);
    if (!entry) return null;
    const head = await view(this.blob, entry.offset, LOCAL.size);
    if (head.byteLength < LOCAL.size || head.getUint32(0, true) !== LOCAL.signature) {
      throw damage(this.name, part("zip_misplaced", { path }));
    }
    const extra = head.getUint16(26, true) + head.getUint16(28, true);
    const start = entry.offset + LOCAL.size + extra;
    const packed = this.blob.slice(start, start + entry.packedSize);
    return unpack(packed, entry, this.name);
  }
}

async function readDirectory(blob: Blob, name: string): Promise<Entry[]> {
  const from = Math.max(blob.size - END.size - MAX_COMMENT_SIZE, 0);
  const tail = await view(blob, from, blob.size - from);
  let end = tail.byteLength - END.size;
  while (end >= 0 && tail.getUint32(end, true) !== END.signature) end--;
  if (end < 0) throw damage(name, part("zip_no_zip"));
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const directory = await view(blob, tail.getUint32(end + 16, true), size);
  const entries: Entry[] = [];
  for (let offset = 0; entries.length < count; ) {
    const isWhole = offset + ENTRY.size <= directory.byteLength;
    if (!isWhole || directory.getUint32(offset, true) !== ENTRY.signature) {
      throw damage(name, part("zip_directory"));
    }
    const { entry, length } = readEntry(directory, offset, name);
    entries.push(entry);
    offset += length;
  }
  return entries;
}

function readEntry(directory: DataView, offset: number, name: string) {
  const short = (at: number) => directory.getUint16(offset + at, true);
  const long = (at: number) => directory.getUint32(offset + at, true);
  const pathSize = short(28);
  const start = directory.byteOffset + offset + ENTRY.size;
  if (start + pathSize > directory.buffer.byteLength) {
    throw damage(name, part("zip_directory"));
  }
  const bytes = new Uint8Array(directory.buffer, start, pathSize);
  const path = new TextDecoder().decode(bytes);
  const method = short(10);
  if (short(8) & IS_ENCRYPTED) throw damage(name, part("zip_locked", { path }));
  if (method !== STORED && method !== DEFLATED) {
    throw damage(name, part("zip_method", { path, method }));
  }
  const entry = {
    path,
    method,
    packedSize: long(20),
    size: long(24),
    offset: long(42),
  };
  return { entry, length: ENTRY.size + pathSize + short(30) + short(32) };
}

async function unpack(packed: Blob, { path, method, size }: Entry, name: string) {
  if (method === STORED) return new Uint8Array(await packed.arrayBuffer());
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    const stream = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
    for await (const chunk of readChunks(stream)) {
      chunks.push(chunk);
      received += chunk.length;
      if (received > size) throw new Failure("zip_overfull");
    }
  } catch (error) {
    throw damage(name, part("zip_broken", { path, reason: told(error) }));
  }
  if (received < size) throw damage(name, part("zip_cut_off", { path }));
  return joinChunks(chunks);
}

async function view(blob: Blob, start: number, size: number): Promise<DataView> {
  return new DataView(await blob.slice(start, start + size).arrayBuffer());
}

function damage(name: string, reason: Sentence): Failure {
  return new Failure("zip_damaged", { name, reason });
}
