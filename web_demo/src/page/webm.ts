/** How long a film is, told to those who play it: browsers record without saying. */

// Elements of WebM: https://www.matroska.org/technical/elements.html
const INFO = [0x15, 0x49, 0xa9, 0x66];
const DURATION = [0x44, 0x89];
const DURATION_BYTES = 8;
// Where the head of a film ends at the latest.
const HEAD_BYTES = 4096;

/**
 * A WebM film whose head says how many seconds it lasts, so that players can seek.
 *
 * What is no WebM, or says it already, is returned as it is. Times of a recording are
 * milliseconds, which is WebM's default.
 */
export async function tellDuration(film: Blob, seconds: number): Promise<Blob> {
  const head = new Uint8Array(await film.slice(0, HEAD_BYTES).arrayBuffer());
  const found = find(head, INFO, 0);
  if (found < 0) return film;
  const sizeAt = found + INFO.length;
  const length = Math.clz32(head[sizeAt] ?? 0) - 23;
  const size = readSize(head, sizeAt, length);
  const start = sizeAt + length;
  const info = head.slice(start, start + size);
  const said = readDuration(info);
  if (info.length < size || said?.isTold) return film;
  const kept = said ? [info.slice(0, said.start), info.slice(said.end)] : [info];
  const keptSize = size - (said ? said.end - said.start : 0);
  const parts = [
    head.slice(0, sizeAt),
    writeSize(keptSize + DURATION.length + 1 + DURATION_BYTES),
    ...kept,
    writeDuration(1000 * seconds),
    film.slice(start + size),
  ];
  return new Blob(parts, { type: film.type });
}

function find(bytes: Uint8Array, wanted: readonly number[], from: number): number {
  for (let at = from; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** Where a duration lies, and whether it is one: Firefox leaves it at nothing. */
function readDuration(info: Uint8Array) {
  const start = find(info, DURATION, 0);
  if (start < 0) return null;
  const valueAt = start + DURATION.length + 1;
  const end = valueAt + ((info[valueAt - 1] ?? 0) & 0x7f);
  return { start, end, isTold: info.slice(valueAt, end).some((byte) => byte > 0) };
}

/** A size is as many bytes as its first one has leading zeros, and one more. */
function readSize(bytes: Uint8Array, at: number, length: number): number {
  let size = (bytes[at] ?? 0) & (0xff >> length);
  for (let index = 1; index < length; index++) {
    size = 256 * size + (bytes[at + index] ?? 0);
  }
  return size;
}

function writeSize(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(4, size);
  bytes[0] = 1;
  return bytes;
}

function writeDuration(milliseconds: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(DURATION.length + 1 + DURATION_BYTES);
  bytes.set([...DURATION, 0x80 | DURATION_BYTES]);
  new DataView(bytes.buffer).setFloat64(DURATION.length + 1, milliseconds);
  return bytes;
}
