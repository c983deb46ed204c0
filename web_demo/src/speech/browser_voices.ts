/** The browser's own speech: it plays by itself, and tells its words at best. */

import { Failure } from "../failures";
import { guessPhonemes } from "./guess";
import { splitSentences } from "./sentences";
import { layOut, Timeline } from "./timeline";
import type { Phoneme } from "./visemes";
import {
  type Aloud,
  chooseName,
  findPace,
  type SpeechOptions,
  type Utterance,
  type Voice,
} from "./voices";

const AUTOMATIC = { name: "automatic", label: "Automatic" };
/** Milliseconds; some browsers list their voices late, and headless ones never. */
const PATIENCE = 500;
/** Milliseconds after which a voice that does not begin has failed. */
const SILENCE = 5000;

/** The browser's voices that speak on the device; null if it has none. */
export async function findBrowserVoice(): Promise<BrowserVoice | null> {
  if (!globalThis.speechSynthesis) return null;
  if (!speechSynthesis.getVoices().length) await waitForVoices();
  // Others send what they say to a server.
  const voices = speechSynthesis.getVoices().filter((voice) => voice.localService);
  if (!voices.length) return null;
  document.addEventListener("click", allowSpeech, { capture: true, once: true });
  return new BrowserVoice(voices);
}

/** iPhones speak only what a touch began, and after that anything. */
function allowSpeech() {
  if (speechSynthesis.speaking || speechSynthesis.pending) return;
  speechSynthesis.speak(new SpeechSynthesisUtterance(""));
  speechSynthesis.cancel();
}

function waitForVoices(): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      speechSynthesis.removeEventListener("voiceschanged", finish);
      resolve();
    };
    speechSynthesis.addEventListener("voiceschanged", finish);
    setTimeout(finish, PATIENCE);
  });
}

export class BrowserVoice implements Voice {
  readonly engine = "browser";
  readonly role = "mouth";
  readonly names;

  constructor(private readonly voices: readonly SpeechSynthesisVoice[]) {
    const own = voices.map(({ voiceURI, name, lang }) => ({
      name: voiceURI,
      label: `${name} (${lang})`,
    }));
    this.names = [AUTOMATIC, ...own];
  }

  async *speak(
    text: string,
    options: SpeechOptions,
    signal: AbortSignal,
  ): AsyncIterable<Utterance> {
    const { name } = chooseName(this.names, { voice: options.voice });
    for (const sentence of splitSentences(text)) {
      if (signal.aborted) return;
      const guess = layOut(sentence, guessPhonemes);
      const spoken = new SpeechSynthesisUtterance(sentence);
      spoken.voice = this.findVoice(name, sentence);
      spoken.lang = spoken.voice?.lang ?? "";
      spoken.rate = findPace(options);
      const aloud = new SpokenAloud(spoken, new Timeline(guess));
      yield {
        text: sentence,
        sound: new Float32Array(),
        sampleRate: 1,
        aloud,
      };
    }
  }

  private findVoice(name: string, sentence: string): SpeechSynthesisVoice | null {
    const chosen = this.voices.find(({ voiceURI }) => voiceURI === name);
    if (chosen) return chosen;
    const language = /\p{Script=Han}/u.test(sentence) ? "zh" : "en";
    const fits = this.voices.filter(({ lang }) =>
      lang.toLowerCase().startsWith(language),
    );
    return fits.find((voice) => voice.default) ?? fits[0] ?? null;
  }
}

class SpokenAloud implements Aloud {
  constructor(
    private readonly spoken: SpeechSynthesisUtterance,
    private readonly timeline: Timeline,
  ) {}

  play(
    signal: AbortSignal,
    onTimed: (phonemes: readonly Phoneme[], start: number, isFirst: boolean) => void,
  ): Promise<void> {
    const { spoken, timeline } = this;
    return new Promise((resolve, reject) => {
      let start = 0;
      const timer = setTimeout(() => {
        speechSynthesis.cancel();
        reject(new Failure("browser_voice_silent"));
      }, SILENCE);
      const cancel = () => speechSynthesis.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", cancel);
        resolve();
      };
      spoken.onstart = () => {
        clearTimeout(timer);
        start = performance.now() / 1000;
        onTimed(timeline.phonemes, start, true);
      };
      spoken.onboundary = ({ name, charIndex }) => {
        if (name !== "word" || !start) return;
        timeline.reach(charIndex, performance.now() / 1000 - start);
        onTimed(timeline.phonemes, start, false);
      };
      spoken.onend = finish;
      spoken.onerror = ({ error }) => {
        // An interruption is what `stop` asks for.
        if (!signal.aborted) {
          reject(new Failure("browser_voice_fails", { reason: error }));
        }
        finish();
      };
      speechSynthesis.speak(spoken);
    });
  }
}
