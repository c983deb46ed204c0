/** Speaks with espeak-ng, away from the page. */

import { EspeakEngine, type EspeakModule } from "./espeak_engine";
import type { Speech } from "./speech";

/** The first message loads the add-on, the others are sentences. */
export type EspeakRequest =
  | { readonly id: number; readonly folder: string }
  | {
      readonly id: number;
      readonly sentence: string;
      readonly voice: string;
      readonly pace: number;
    };

export type EspeakReply =
  | { readonly id: number; readonly speech: Speech | null }
  | { readonly id: number; readonly error: string };

type CreateModule = (options: {
  getPreloadedPackage: () => ArrayBuffer;
}) => Promise<EspeakModule>;

let engine: EspeakEngine | null = null;

self.onmessage = async ({ data }: MessageEvent<EspeakRequest>) => {
  try {
    post({ id: data.id, speech: await answer(data) });
  } catch (error) {
    post({ id: data.id, error: error instanceof Error ? error.message : `${error}` });
  }
};

async function answer(request: EspeakRequest): Promise<Speech | null> {
  if ("folder" in request) {
    engine = await load(request.folder);
    return null;
  }
  if (!engine) throw new Error("espeak-ng is not loaded yet. Load the page again.");
  return engine.speak(request.sentence, request.voice, request.pace);
}

/** By addresses, since the add-on is another package, under another licence. */
async function load(folder: string): Promise<EspeakEngine> {
  const [script, data] = await Promise.all([
    import(/* @vite-ignore */ `${folder}/espeak-ng.js`) as Promise<{
      default: CreateModule;
    }>,
    fetchData(`${folder}/espeak-ng.data`),
  ]);
  const module = await script.default({ getPreloadedPackage: () => data });
  return new EspeakEngine(module);
}

async function fetchData(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`There is no ${url} (status ${response.status}).`);
  return response.arrayBuffer();
}

function post(reply: EspeakReply) {
  const buffers = "speech" in reply && reply.speech ? [reply.speech.sound.buffer] : [];
  self.postMessage(reply, { transfer: buffers });
}
