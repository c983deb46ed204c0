/** Files beside the page, and plain sentences where they are missing. */

/**
 * Fetches and parses a JSON file.
 *
 * `remedy` is a sentence that says what to do if there is none.
 */
export async function fetchJson<T>(url: string, remedy: string): Promise<T> {
  const response = await fetch(url).catch(() => {
    throw new Error(
      `${url} cannot be reached. Is \`keras-anchor demo\` still running?`,
    );
  });
  if (!response.ok) {
    throw new Error(`There is no ${url} (status ${response.status}). ${remedy}`);
  }
  return response.json().catch(() => {
    throw new Error(`${url} is not JSON. ${remedy}`);
  });
}
