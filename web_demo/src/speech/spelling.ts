/** Which known word somebody meant, and text as errors show it. */

/**
 * The known word that is most like `word`, or null if none is like enough.
 *
 * Likeness is what `difflib.get_close_matches` of Python measures, so that a page says
 * what the command says.
 */
export function findClose(word: string, known: readonly string[], cutoff: number) {
  const rated = known
    .map((name) => ({ name, likeness: measureLikeness(name, word) }))
    .filter(({ likeness }) => likeness >= cutoff)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? 1 : -1));
  return rated[0]?.name ?? null;
}

function measureLikeness(a: string, b: string): number {
  return (2 * countMatches(a, b)) / Math.max(1, a.length + b.length);
}

/** Letters of the longest common run, and of those to its left and right. */
function countMatches(a: string, b: string): number {
  let [first, second, size] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      let length = 0;
      while (i + length < a.length && a[i + length] === b[j + length]) length++;
      if (length > size) [first, second, size] = [i, j, length];
    }
  }
  if (!size) return 0;
  const left = countMatches(a.slice(0, first), b.slice(0, second));
  return size + left + countMatches(a.slice(first + size), b.slice(second + size));
}

/** Text in quotation marks, as Python shows it. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t");
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}
