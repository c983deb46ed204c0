/** Which language each part of a sentence is written in. */

import { Failure } from "../failures";

export type Language = "en" | "zh";

export interface Run {
  readonly text: string;
  readonly language: Language;
}

const OPENING = "([{<“‘《〈「『【（";

/**
 * Splits a sentence where its script changes; the runs joined are the sentence again.
 *
 * Digits go with the nearest letters, marks and spaces with what is before them.
 * Throws an error for letters that are neither Latin nor Chinese.
 */
export function splitByLanguage(sentence: string): Run[] {
  const characters = [...sentence];
  const letters = characters.map(findLanguage);
  const labels = characters.map((character, index) => {
    const own = letters[index];
    if (own) return own;
    if (/\p{N}/u.test(character)) return findNearest(letters, index);
    return null;
  });
  return join(characters, fill(characters, labels));
}

function findLanguage(character: string): Language | null {
  if (/\p{Script=Han}/u.test(character)) return "zh";
  if (/\p{Script=Latin}/u.test(character)) return "en";
  if (/[\p{Ll}\p{Lu}\p{Lt}\p{Lo}]/u.test(character)) {
    throw new Failure("letter_unknown", { letter: character });
  }
  return null;
}

/** The language of the nearest letter, before rather than after. */
function findNearest(letters: readonly (Language | null)[], index: number) {
  for (let distance = 1; distance < letters.length; distance++) {
    const found = letters[index - distance] ?? letters[index + distance];
    if (found) return found;
  }
  return "en";
}

/** Gives marks the language before them, opening ones the next. */
function fill(
  characters: readonly string[],
  labels: readonly (Language | null)[],
): Language[] {
  const filled: Language[] = [];
  let last = labels.find((label) => label) ?? "en";
  for (const label of labels) {
    last = label ?? last;
    filled.push(last);
  }
  for (let index = characters.length - 2; index >= 0; index--) {
    const isOpening = OPENING.includes(characters[index] ?? "");
    if (isOpening) filled[index] = filled[index + 1] ?? "en";
  }
  return filled;
}

function join(characters: readonly string[], languages: readonly Language[]): Run[] {
  const runs: { text: string; language: Language }[] = [];
  characters.forEach((character, index) => {
    const language = languages[index] ?? "en";
    const run = runs.at(-1);
    if (run?.language === language) run.text += character;
    else runs.push({ text: character, language });
  });
  return runs;
}
