/** The voices of the server: it speaks and performs, sentence by sentence. */

import { Failure } from "../failures";
import type { Performance } from "../performance";
import { splitSentences } from "./sentences";
import {
  chooseName,
  type SpeechOptions,
  type Utterance,
  type Voice,
  type VoiceName,
} from "./voices";

interface VoiceList {
  readonly voices: readonly VoiceName[];
  /** Whether the add-on espeak-ng lies beside the page. */
  readonly espeak?: boolean;
}

/** One line of the server's answer. */
type Line =
  | { readonly error: string }
  | (Performance & {
      readonly text: string;
      readonly sample_rate: number;
      /** Base64 of little-endian int16, mono. */
      readonly sound: string;
    });

/** What `voices.json` says; null where there is none. */
export async function fetchVoiceList(assets: string): Promise<VoiceList | null> {
  const url = new URL("voices.json", new URL(assets, document.baseURI));
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) return null;
  // A static site may answer with its page.
  return response.json().catch(() => null);
}

export class ServerVoice implements Voice {
  readonly engine = "server";
  readonly role = "all";

  constructor(
    private readonly assets: string,
    readonly names: readonly VoiceName[],
  ) {}

  async *speak(
    text: string,
    options: SpeechOptions,
    signal: AbortSignal,
  ): AsyncIterable<Utterance> {
    splitSentences(text);
    const { name, engine } = chooseName(this.names, options);
    const { mood, openness } = options;
    // Python counts characters, JavaScript halves of some.
    const cues = options.cues?.map((cue) => ({
      ...cue,
      offset: [...text.slice(0, cue.offset)].length,
    }));
    const url = new URL("speak", new URL(this.assets, document.baseURI));
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, voice: name, engine, mood, openness, cues }),
      signal,
    }).catch((error: unknown) => {
      throw signal.aborted ? error : new Failure("server_voice_unreachable");
    });
    if (!response.body || !isLines(response)) {
      throw new Failure("server_voice_fails", { status: response.status });
    }
    for await (const line of readLines(response.body)) {
      yield readUtterance(line);
    }
  }
}

/** A refusal is a line as well, whatever its status. */
function isLines(response: Response): boolean {
  const type = response.headers.get("Content-Type") ?? "";
  return response.ok || type.includes("json");
}

/** The lines of a stream of UTF-8, each as soon as it is whole. */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncIterable<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  // In pieces: a sentence is a megabyte, which would be copied for every piece.
  let pieces: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const [first = "", ...others] = value.split("\n");
      pieces.push(first);
      for (const piece of others) {
        const line = pieces.join("");
        if (line.trim()) yield line;
        pieces = [piece];
      }
    }
    const line = pieces.join("");
    if (line.trim()) yield line;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Throws the error that the line tells. */
export function readUtterance(line: string): Utterance {
  let content: Line;
  try {
    content = JSON.parse(line);
  } catch {
    throw new Failure("server_voice_cut_off");
  }
  if ("error" in content) throw new Error(content.error);
  const { text, sample_rate, sound, fps, names, controls } = content;
  return {
    text,
    sampleRate: sample_rate,
    sound: decodeSound(sound),
    performance: { fps, names, controls },
  };
}

function decodeSound(base64: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from(
    { length: bytes.length >> 1 },
    (_, index) => view.getInt16(2 * index, true) / 32768,
  );
}
