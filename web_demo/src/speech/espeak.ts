/** The voice espeak-ng on this device: at once, small, plain, English and Mandarin. */

import { Failure, told } from "../failures";
import type { EspeakReply, EspeakRequest } from "./espeak_worker";
import { findPause, splitSentences } from "./sentences";
import { pad, type Speech } from "./speech";
import {
  chooseName,
  findPace,
  type SpeechOptions,
  type Utterance,
  type Voice,
} from "./voices";

const NAMES = [
  { name: "mixed", label: "English, 中文" },
  { name: "en", label: "English" },
  { name: "en-female", label: "English, female" },
  { name: "en-male", label: "English, male" },
  { name: "zh", label: "中文" },
  { name: "zh-female", label: "中文，女声" },
  { name: "zh-male", label: "中文，男声" },
];

/** The voice, if the add-on lies beside the page. */
export async function findEspeakVoice(assets: string): Promise<EspeakVoice | null> {
  const url = new URL("espeak/espeak-ng.js", new URL(assets, document.baseURI));
  const response = await fetch(url, { method: "HEAD" }).catch(() => null);
  // A server that answers everything with its page has no add-on either.
  const type = response?.headers.get("Content-Type") ?? "";
  if (!response?.ok || !type.includes("javascript")) return null;
  return new EspeakVoice(new URL(".", url).href.replace(/\/$/, ""));
}

export class EspeakVoice implements Voice {
  readonly engine = "espeak";
  readonly names = NAMES;
  readonly role = "mouth";
  private worker: Promise<EspeakWorker> | null = null;

  /** `folder` is the address of the add-on. */
  constructor(private readonly folder: string) {}

  async warm() {
    this.worker ??= EspeakWorker.start(this.folder).catch((error: unknown) => {
      // The next try starts afresh.
      this.worker = null;
      throw error;
    });
    await this.worker;
  }

  async *speak(
    text: string,
    options: SpeechOptions,
    signal: AbortSignal,
  ): AsyncIterable<Utterance> {
    const sentences = splitSentences(text);
    const { name } = chooseName(this.names, { voice: options.voice });
    const pace = findPace(options);
    await this.warm();
    const worker = await this.worker;
    let said = false;
    for (const sentence of sentences) {
      if (signal.aborted || !worker) return;
      const speech = await worker.speak(sentence, name, pace);
      if (!speech.phonemes.some(({ symbol }) => symbol)) continue;
      said = true;
      yield { text: sentence, ...pad(speech, 0, findPause(sentence)) };
    }
    if (!said) {
      throw new Failure("voice_finds_nothing", { text: text.slice(0, 80) });
    }
  }

  async dispose() {
    const worker = await this.worker;
    this.worker = null;
    worker?.stop();
  }
}

type Waiting = { resolve(speech: Speech | null): void; reject(error: Error): void };

/** The worker, asked and answered. */
class EspeakWorker {
  private readonly worker = new Worker(new URL("./espeak_worker.ts", import.meta.url), {
    type: "module",
  });
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  static async start(folder: string): Promise<EspeakWorker> {
    const worker = new EspeakWorker();
    try {
      await worker.ask({ folder });
    } catch (error) {
      worker.stop();
      throw new Failure("espeak_broken", { reason: told(error) });
    }
    return worker;
  }

  private constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<EspeakReply>) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ("error" in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.speech);
    };
    this.worker.onerror = () => {
      for (const { reject } of this.waiting.values())
        reject(new Failure("espeak_missing"));
      this.waiting.clear();
    };
  }

  async speak(sentence: string, voice: string, pace: number): Promise<Speech> {
    const speech = await this.ask({ sentence, voice, pace });
    if (!speech) throw new Failure("espeak_missing");
    return speech;
  }

  stop() {
    this.worker.terminate();
    for (const { reject } of this.waiting.values())
      reject(new Failure("espeak_missing"));
    this.waiting.clear();
  }

  private ask(request: WithoutId<EspeakRequest>): Promise<Speech | null> {
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id });
    });
  }
}

type WithoutId<Request> = Request extends { id: number } ? Omit<Request, "id"> : never;
