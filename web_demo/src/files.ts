/** Files beside the page, and plain sentences where they are missing. */

/**
 * Fetches and parses a JSON file.
 *
 * `remedy` is a sentence that says what to do if there is none.
 */
export async function fetchJson<T>(url: string, remedy: string): Promise<T> {
  const response = await request(url, remedy);
  return response.json().catch(() => {
    throw new Error(`${url} is not JSON. ${remedy}`);
  });
}

// What no anchor exceeds.
export const MAX_BYTES = 1_000_000_000;

/** Fetches a file; `onProgress` hears which share of it has arrived. */
export async function fetchBytes(
  url: string,
  remedy: string,
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
    throw new Error(
      isTooMuch
        ? `${url} is larger than ${MAX_BYTES / 1e9} GB, which no anchor is. ${remedy}`
        : `${url} arrived in part only: the connection broke. Load it again.`,
    );
  }
  onProgress(1);
  return joinChunks(chunks);
}

async function request(url: string, remedy: string): Promise<Response> {
  const response = await fetch(url).catch(() => {
    throw new Error(
      `${url} cannot be reached. Is its server, such as \`keras-anchor demo\`, running?`,
    );
  });
  if (response.ok) return response;
  const { status } = response;
  throw new Error(
    status >= 500
      ? `The server failed to give ${url} (status ${status}); it says why where it runs.`
      : `There is no ${url} (status ${status}). ${remedy}`,
  );
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
