/** espeak-ng, loaded at run time: text in; sound and timed phonemes out. */

import { type Language, splitByLanguage } from "./languages";
import { writeOutNumbers } from "./numbers";
import { amplify, join, mergeSilences, pad, type Speech, trim } from "./speech";
import type { Phoneme } from "./visemes";

/** What we use of the add-on's module. */
export interface EspeakModule {
  eSpeakNGWorker: new () => EspeakInstance;
}

interface EspeakInstance {
  set_voice(name: string): number;
  set_rate(wordsPerMinute: number): void;
  set_pitch(pitch: number): void;
  get_samplerate(): number;
  /** The callback returns whether to stop. */
  synthesize(
    text: string,
    callback: (sound: Int16Array, events: readonly EspeakEvent[]) => boolean,
  ): void;
}

interface EspeakEvent {
  readonly type: string;
  /** Milliseconds. */
  readonly audio_position: number;
  readonly id: string | number | undefined;
}

/** When a phoneme starts; an empty symbol is a pause. */
export interface Mark {
  readonly seconds: number;
  readonly symbol: string;
}

/** espeak-ng's name of a language, and a newsreader's pace in its words per minute. */
const LANGUAGES = { en: ["en-us", 165], zh: ["cmn", 205] } as const;
/** Our voices: the language (null: each script its own), the variant, the pitch. */
export const VOICES: Readonly<
  Record<string, readonly [Language | null, Variant, number]>
> = {
  mixed: [null, "", 50],
  en: ["en", "", 50],
  "en-female": ["en", "f2", 50],
  "en-male": ["en", "m3", 45],
  zh: ["zh", "", 50],
  "zh-female": ["zh", "f2", 50],
  "zh-male": ["zh", "m3", 45],
};
type Variant = "" | "f2" | "m3";
/** What makes every voice -20 dBFS loud, as `measure_gain` of Python found it. */
const GAINS: Readonly<Record<Language, Readonly<Record<Variant, number>>>> = {
  en: { "": 0.998, f2: 0.839, m3: 1.008 },
  zh: { "": 0.796, f2: 0.662, m3: 0.814 },
};
const PICTURE =
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f/gu;
/** What espeak-ng marks at the burst, after the closure that one sees. */
const STOP = /^[ˈˌ]*[pbtdkɡcɟqʔ]/;
const LONGEST_CLOSURE = 0.09;
/** Seconds that a sound keeps, however quiet it is before a stop. */
const KEPT = 0.02;
/** Seconds of silence between two languages in one sentence. */
const GAP = 0.06;
const GAP_AFTER_MARK = 0.22;
/** Syllables that espeak-ng spells out in English, as its own phoneme names. */
const MISSING: Readonly<Record<string, string>> = {
  熊: "S;j'ong35",
  雄: "S;j'ong35",
  兄: "S;j'ong55",
  胸: "S;j'ong55",
  凶: "S;j'ong55",
  穷: "tS;hj'ong35",
  琼: "tS;hj'ong35",
  窘: "tS;j'ong214",
};

/** Behind these 儿 only colours the syllable, which espeak-ng spells out as well. */
const COLOURED = /(?<=[这那哪玩点会事花劲味块头活圈趣份样今明昨伙])儿/g;

export class EspeakEngine {
  private readonly instance: EspeakInstance;

  constructor({ eSpeakNGWorker }: EspeakModule) {
    this.instance = new eSpeakNGWorker();
  }

  /** Speaks a sentence, without silence before and after it. */
  speak(sentence: string, voice: string, pace: number): Speech {
    const known = VOICES[voice];
    if (!known) {
      throw new Error(
        `Unknown voice \`${voice}\`. Known: ${Object.keys(VOICES).join(", ")}.`,
      );
    }
    const [language, variant, pitch] = known;
    const clean = unmark(sentence);
    // The Mandarin voice reads Latin letters in its own accent, so English goes apart.
    const runs =
      language === "en" ? [{ text: clean, language }] : splitByLanguage(clean);
    const parts = runs.map((run, index) => {
      const part = this.speakRun(run.text, run.language, variant, pitch, pace);
      const isLast = index + 1 === runs.length;
      return isLast ? part : pad(part, 0, findGap(run.text));
    });
    return join(parts);
  }

  private speakRun(
    text: string,
    language: Language,
    variant: Variant,
    pitch: number,
    pace: number,
  ): Speech {
    const { instance } = this;
    const [name, wordsPerMinute] = LANGUAGES[language];
    instance.set_voice(variant ? `${name}+${variant}` : name);
    instance.set_rate(Math.round(pace * wordsPerMinute));
    instance.set_pitch(pitch);
    const chunks: Int16Array[] = [];
    const marks: Mark[] = [];
    instance.synthesize(spell(text, language), (chunk, events) => {
      chunks.push(chunk);
      for (const { type, audio_position, id } of events) {
        if (type !== "phoneme") continue;
        marks.push({ seconds: audio_position / 1000, symbol: String(id) });
      }
      return false;
    });
    const sound = toFloats(chunks);
    amplify(sound, GAINS[language][variant]);
    const sampleRate = instance.get_samplerate();
    const phonemes = findPhonemes(sound, sampleRate, marks);
    return trim({ sound, sampleRate, phonemes });
  }
}

/** Text without what espeak-ng takes for SSML or for phonemes, nor pictures. */
export function unmark(text: string): string {
  return text
    .replace(PICTURE, " ")
    .replaceAll("\0", " ")
    .replace(/</g, " less than ")
    .replace(/&/g, " and ")
    .replace(/\[\[+/g, "[");
}

function spell(text: string, language: Language): string {
  const written = writeOutNumbers(text, language);
  if (language === "en") return written;
  return [...written.replace(COLOURED, "er5")]
    .map((character) => (MISSING[character] ? `[[${MISSING[character]}]]` : character))
    .join("");
}

function findGap(text: string): number {
  return /[，、；：,;:—]\s*$/.test(text) ? GAP_AFTER_MARK : GAP;
}

function toFloats(chunks: readonly Int16Array[]): Float32Array<ArrayBuffer> {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const sound = new Float32Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    for (const value of chunk) sound[offset++] = value / 32768;
  }
  return sound;
}

/**
 * Marks to phonemes that fill the sound.
 *
 * espeak-ng marks a stop at its burst; the silence before it belongs to it, for that
 * is when the lips are shut.
 */
export function findPhonemes(
  sound: Float32Array,
  sampleRate: number,
  marks: readonly Mark[],
): Phoneme[] {
  // `(en)` says that the voice changes to English for a word.
  const kept = marks.filter(({ symbol }) => !symbol.startsWith("("));
  const end = sound.length / sampleRate;
  const starts = kept.map(({ seconds }) => seconds);
  kept.forEach(({ seconds, symbol }, index) => {
    if (!STOP.test(symbol)) return;
    const quiet = findClosure(sound, sampleRate, seconds);
    const before = starts[index - 1] ?? 0;
    const isSound = kept[index - 1]?.symbol;
    const earliest = before + (isSound ? Math.min(KEPT, (seconds - before) / 2) : 0);
    starts[index] = Math.max(earliest, Math.min(seconds, quiet));
  });
  const phonemes: Phoneme[] = [{ start: 0, end: starts[0] ?? end, symbol: "" }];
  kept.forEach(({ symbol }, index) => {
    phonemes.push({ start: starts[index] ?? 0, end: starts[index + 1] ?? end, symbol });
  });
  return mergeSilences(phonemes.filter((phoneme) => phoneme.end > phoneme.start));
}

/** When the sound before a burst fell silent. */
function findClosure(sound: Float32Array, sampleRate: number, burst: number): number {
  const last = Math.round(burst * sampleRate);
  const first = Math.max(0, last - Math.round(LONGEST_CLOSURE * sampleRate));
  let quiet = Math.max(first, last - 2);
  while (quiet > first && Math.abs(sound[quiet - 1] ?? 0) <= 1e-3) quiet--;
  return quiet / sampleRate;
}
