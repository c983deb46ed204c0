/** Files beside the page, and plain sentences where they are missing. */

import { type Code, Failure, part } from "./failures";

type Remedy = Extract<Code, `remedy_${string}`>;

/**
 * Fetches and parses a JSON file.
 *
 * `remedy` is the sentence that says what to do if there is none.
 */
export async function fetchJson<T>(url: string, remedy: Remedy): Promise<T> {
  const response = await request(url, remedy);
  return response.json().catch(() => {
    throw new Failure("file_not_json", { url, remedy: part(remedy) });
  });
}

// What no anchor exceeds.
export const MAX_BYTES = 1_000_000_000;

/** Fetches a file; `onProgress` hears which share of it has arrived. */
export async function fetchBytes(
  url: string,
  remedy: Remedy,
  onProgress: (share: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, remedy);
  const total = Number(response.headers.get("Content-Length"));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    for await (const chunk of readChunks(response.body)) {
      chunks.push(chunk);
      received += chunk.length;
      // A compressed answer tells its compressed length.
      if (total) onProgress(Math.min(received / total, 1));
      if (received > MAX_BYTES) throw new RangeError();
    }
  } catch (error) {
    const isTooMuch = error instanceof RangeError;
    if (!isTooMuch) throw new Failure("file_cut_off", { url });
    const limit = MAX_BYTES / 1e9;
    throw new Failure("file_too_large", { url, limit, remedy: part(remedy) });
  }
  onProgress(1);
  return joinChunks(chunks);
}

async function request(url: string, remedy: Remedy): Promise<Response> {
  const response = await fetch(url).catch(() => {
    throw new Failure("file_unreachable", { url });
  });
  if (response.ok) return response;
  const { status } = response;
  if (status >= 500) throw new Failure("file_not_given", { url, status });
  throw new Failure("file_missing", { url, status, remedy: part(remedy) });
}

/** What a stream brings; not every browser can iterate over one. */
export async function* readChunks(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null,
) {
  const reader = stream?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

export function joinChunks(
  chunks: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
