/** The page's words in English and Chinese, and what the drivers' failures say. */

import { Failure, write } from "../failures";
import { CHINESE } from "./failure_words";
import { TABLE } from "./word_table";

export type Language = "en" | "zh";
export type Key = keyof typeof TABLE;

/** What `lang` calls them. */
export const NAMES: Readonly<Record<Language, string>> = { en: "en", zh: "zh-Hans" };
const STORED = "language";
// What an element shows itself, and what only some of its readers see.
const ATTRIBUTES = {
  words: null,
  wordsLabel: "aria-label",
  wordsTitle: "title",
  wordsPlaceholder: "placeholder",
} as const;

let language: Language = "en";
const listeners: (() => void)[] = [];

/** The viewer's language: asked for in the address, chosen earlier, or the browser's. */
export function chooseLanguage(asked: string | null, stored: string | null): Language {
  const wanted = asked ?? stored ?? navigator.language;
  return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function startWords(asked: string | null) {
  language = chooseLanguage(asked, readStored());
  translate();
}

export function currentLanguage(): Language {
  return language;
}

export function switchLanguage(wanted: Language) {
  language = wanted;
  try {
    localStorage.setItem(STORED, wanted);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
  translate();
  for (const listen of listeners) listen();
}

/** Calls now, and again whenever the language changes. */
export function onLanguage(listen: () => void) {
  listeners.push(listen);
  listen();
}

/** Forgets who listens: what they showed is gone. */
export function forgetListeners() {
  listeners.length = 0;
}

/** Words by key, with `{name}` replaced by what is given. */
export function say(key: Key, values: Readonly<Record<string, string>> = {}): string {
  const words = TABLE[key][language === "en" ? 0 : 1];
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** What went wrong, in the viewer's language where it has a code. */
export function sayError(error: unknown): { text: string; language: string } {
  const isCoded = error instanceof Failure;
  if (isCoded && language === "zh") {
    return { text: write(error, CHINESE), language: NAMES.zh };
  }
  const text = error instanceof Error ? error.message : String(error);
  if (!text || error instanceof Complaint) {
    return { text: text || say("unknown_failure"), language: NAMES[language] };
  }
  return { text, language: NAMES.en };
}

/** An error of the page itself, which says it in the viewer's language. */
export class Complaint extends Error {
  constructor(key: Key, values: Readonly<Record<string, string>> = {}) {
    super(say(key, values));
  }
}

export function isKey(key: string): key is Key {
  return Object.hasOwn(TABLE, key);
}

/** The words of a key, or `fallback`, which a data file wrote in English. */
export function sayOr(key: string, fallback: string): string {
  return isKey(key) ? say(key) : fallback;
}

/** Gives the elements of `index.html` their words. */
function translate() {
  document.documentElement.lang = NAMES[language];
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    const selector = `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    for (const element of document.querySelectorAll<HTMLElement>(`[${selector}]`)) {
      const words = say(element.dataset[name] as Key);
      if (attribute) element.setAttribute(attribute, words);
      else element.textContent = words;
    }
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
