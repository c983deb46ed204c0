/** Text to phonemes without a dictionary, for voices that tell none: plausible lips. */

import { CHARACTERS, LETTERS, SYLLABLES, WORDS } from "./guess_table";
import type { Phoneme } from "./visemes";

const SECONDS_PER_SYLLABLE = 0.2;
// Seconds of silence at the end of a sentence, and within.
const END = 0.4;
const PAUSE = 0.2;
// How long a vowel is to a consonant.
const VOWEL = 2;
const WEAK_VOWEL = 1.2;
const TOKEN =
  /(?<character>\p{Script=Han})|(?<word>[\p{Script=Latin}\p{M}'’]+)|(?<digit>\d)|(?<other>\p{L}\p{L}?)|(?<end>[.!?](?!\d)|[。！？…])|(?<pause>[,;:](?!\d)|[，、；：—–])/gu;
const IS_VOWEL = /^[aeiouyæɑɒɔəɚɛɜɪʅʊʌ]/;
const WEAK = /^[əɪɚ]$/;
const FIRST_VOWEL = /(^| )(?=[aeiouyæɑɒɔəɚɛɜɪʅʊʌ])/;

/**
 * Phonemes that follow each other from 0 s on.
 *
 * English is read by its letters, Chinese by its characters; in other languages the
 * mouth moves as if.
 */
export function guessPhonemes(
  text: string,
  secondsPerSyllable = SECONDS_PER_SYLLABLE,
): Phoneme[] {
  const phonemes: Phoneme[] = [];
  let seconds = 0;
  const add = (symbol: string, duration: number) => {
    phonemes.push({ symbol, start: seconds, end: seconds + duration });
    seconds += duration;
  };
  for (const { 0: token, groups = {} } of text.normalize("NFC").matchAll(TOKEN)) {
    if (groups.end || groups.pause) {
      add("", groups.end ? END : PAUSE);
      continue;
    }
    const symbols = spell(token, groups).split(" ").filter(Boolean);
    const weights = symbols.map(weigh);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // The vowels of a Chinese character are one syllable.
    const count = groups.word || groups.digit ? symbols.filter(isVowel).length : 1;
    for (const [index, symbol] of symbols.entries()) {
      const share = (weights[index] ?? 0) / total;
      add(symbol, share * Math.max(1, count) * secondsPerSyllable);
    }
  }
  return phonemes;
}

function spell(token: string, groups: Record<string, string | undefined>): string {
  if (groups.digit) return WORDS[token] ?? "";
  if (groups.word) return readWord(token);
  const code = token.codePointAt(0) ?? 0;
  const syllable = CHARACTERS[token] ?? SYLLABLES[code % SYLLABLES.length] ?? "";
  return stress(syllable);
}

/** A word in Latin letters, read as English. */
function readWord(word: string): string {
  const letters = word
    .normalize("NFD")
    .replace(/[^a-z]/gi, "")
    .toLowerCase();
  const known = WORDS[letters];
  if (known !== undefined) return known;
  let left = letters
    // Twice the same consonant is one.
    .replace(/([b-df-hj-np-tv-z])\1+/g, "$1")
    .replace(/[cg](?=es?$)/, (letter) => (letter === "c" ? "s" : "j"))
    .replace(/(?<=[^aeiouy])le(?=s?$)/, "L")
    // `made` and `times` have long vowels, and an e that nobody hears; `he` and `go`.
    .replace(
      /(?<![aeiou])([aeiou])([b-df-hj-np-tvz])e(?=s?$)/,
      (_, vowel, consonant) => {
        return vowel.toUpperCase() + consonant;
      },
    )
    .replace(/(?<=[aeiouyAEIOU].*[^aeiouy])e(?=s?$)/, "")
    .replace(/(?<=^[^aeiouy]*)e$|(?<![aeiou])o$/, (vowel) => vowel.toUpperCase())
    .replace(/^y(?=[aeiou])/, "j");
  const phonemes: string[] =
    left.startsWith("j") && !letters.startsWith("j") ? ["j"] : [];
  left = left.slice(phonemes.length);
  while (left) {
    const found = LETTERS.find(([start]) => left.startsWith(start));
    if (found?.[1]) phonemes.push(found[1]);
    left = left.slice(found?.[0].length ?? 1);
  }
  const spelt = phonemes.join(" ");
  return letters.length > 3 ? weaken(stress(spelt)) : spelt;
}

/** Marks the first vowel. */
function stress(phonemes: string): string {
  return phonemes.replace(FIRST_VOWEL, "$1ˈ");
}

/** Short vowels after the stressed one become a murmur. */
function weaken(phonemes: string): string {
  return phonemes.replace(/(?<=ˈ.* )(?:æ|ɛ|ʌ|ɑː)(?= |$)/g, "ə");
}

/** How long it is to a consonant. */
function weigh(symbol: string): number {
  if (!isVowel(symbol)) return 1;
  return WEAK.test(symbol) ? WEAK_VOWEL : VOWEL;
}

function isVowel(symbol: string): boolean {
  return IS_VOWEL.test(symbol.replace("ˈ", ""));
}
