/** Voices: text in, sound with lips out, sentence by sentence. */

import { type Code, Failure } from "../failures";
import type { Performance } from "../performance";
import { findBrowserVoice } from "./browser_voices";
import { findEspeakVoice } from "./espeak";
import { findMood } from "./moods";
import type { PartCue } from "./script";
import { fetchVoiceList, ServerVoice } from "./server_voices";
import type { Phoneme } from "./visemes";

export type Engine = "server" | "espeak" | "browser";

export interface VoiceName {
  readonly name: string;
  readonly label: string;
  /** The server's own engine, such as `kokoro`. */
  readonly engine?: string;
}

export interface SpeechOptions {
  /** One of the voice's names; by default its first. */
  readonly voice?: string;
  /** The server's own engine, where it has several. */
  readonly engine?: string;
  readonly mood?: string;
  /** 1 is a newsreader; by default the mood's. */
  readonly pace?: number;
  /** Of the mouth; 1 is a newsreader. */
  readonly openness?: number;
  /** What else to do, at which character of the text. */
  readonly cues?: readonly PartCue[];
}

/** What a voice plays by itself, since it gives no sound away. */
export interface Aloud {
  /**
   * Until it has been said, or `signal` stops it.
   *
   * Tells what is said from when on, first when it begins and again as it knows better.
   */
  play(
    signal: AbortSignal,
    onTimed: (phonemes: readonly Phoneme[], start: number, isFirst: boolean) => void,
  ): Promise<void>;
}

/** One sentence, with the pause after it. */
export interface Utterance {
  readonly text: string;
  /** Mono; empty where `aloud` speaks. */
  readonly sound: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
  /** What is said when, of a voice that gives no performance. */
  readonly phonemes?: readonly Phoneme[];
  readonly performance?: Performance;
  readonly aloud?: Aloud;
}

export interface Voice {
  readonly engine: Engine;
  readonly names: readonly VoiceName[];
  /** Whether it moves the mouth alone, or the whole person. */
  readonly role: "mouth" | "all";
  speak(
    text: string,
    options: SpeechOptions,
    signal: AbortSignal,
  ): AsyncIterable<Utterance>;
  /** Loads what it needs, so that the first sentence need not wait for it. */
  warm?(): Promise<void>;
  /** Lets go of what it has loaded. */
  dispose?(): Promise<void>;
}

/** The voices that are there, the best one first. */
export async function findVoices(assets: string): Promise<Voice[]> {
  const browser = findBrowserVoice();
  const list = await fetchVoiceList(assets);
  // A server knows whether the add-on is installed; a static site is asked for it.
  const espeak = list?.espeak === false ? null : await findEspeakVoice(assets);
  const server = list?.voices.length ? new ServerVoice(assets, list.voices) : null;
  const voices: (Voice | null)[] = [server, espeak, await browser];
  return voices.filter((voice) => voice !== null);
}

const REMEDIES = {
  server: "voice_none_server",
  espeak: "voice_none_espeak",
  browser: "voice_none_browser",
} as const satisfies Record<Engine, Code>;

/**
 * The best voice, or that of an engine.
 *
 * Throws an error that says how to get one.
 */
export function chooseVoice(voices: readonly Voice[], engine?: string): Voice {
  if (engine && !Object.hasOwn(REMEDIES, engine)) {
    throw new Error(
      `Unknown engine \`${engine}\` of voices. Known: ${Object.keys(REMEDIES)}.`,
    );
  }
  const chosen = voices.find((voice) => !engine || voice.engine === engine);
  if (chosen) return chosen;
  throw new Failure(engine ? REMEDIES[engine as Engine] : "voice_none");
}

/** The voice's name that was asked for, or its first. */
export function chooseName(
  names: readonly VoiceName[],
  { voice, engine }: SpeechOptions,
): VoiceName {
  const fits = names.filter((known) => !engine || known.engine === engine);
  const chosen = voice ? fits.find(({ name }) => name === voice) : fits[0];
  if (chosen) return chosen;
  const known = names.map(({ name }) => name).join(", ");
  throw new Failure("voice_unknown", { name: `${voice ?? engine}`, known });
}

export function findPace({ pace, mood }: SpeechOptions): number {
  return pace ?? (mood ? findMood(mood).pace : 1);
}
