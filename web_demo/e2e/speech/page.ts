/** Speaks in a real browser and tells what was heard and shown, for `speech.mjs`. */

import { openAnchor } from "../../src/anchor_files";
import type { Values } from "../../src/controls";
import { Speaking } from "../../src/speech/performing";
import { Speaker } from "../../src/speech/speaker";
import {
  chooseVoice,
  findVoices,
  type SpeechOptions,
  type Utterance,
  type Voice,
} from "../../src/speech/voices";
import recorder from "./recorder.js?url&no-inline";

const INTERVAL = 4;
const JAW = "jawOpen";

const { controls } = (await openAnchor("anchor")).schema;
const context = new AudioContext();
const bus = new GainNode(context);
bus.connect(context.destination);
const speaking = new Speaking(controls);
const speaker = new Speaker(context, bus, speaking);
let voices = await findVoices("./");

const now = () => performance.now() / 1000;

/** What a voice hands over, without playing it. */
async function read(engine: string, text: string, options: SpeechOptions = {}) {
  const utterances: Utterance[] = [];
  const { signal } = new AbortController();
  const voice = chooseVoice(voices, engine);
  for await (const utterance of voice.speak(text, options, signal)) {
    utterances.push(utterance);
  }
  return utterances.map(({ text, sound, sampleRate, phonemes, performance }) => ({
    text,
    phonemes,
    seconds: sound.length / sampleRate,
    peak: Math.max(...sound.map(Math.abs)),
    names: performance?.names,
    frames: performance?.controls.length,
    fps: performance?.fps,
  }));
}

/** Seconds from the call until the first sound is scheduled, and is heard. */
async function time(engine: string, text: string) {
  const voice = chooseVoice(voices, engine);
  const called = now();
  return new Promise((resolve, reject) => {
    const onSentence = (_: string, heard: number) => {
      resolve({ scheduled: now() - called, heard: heard - called });
      speaker.stop();
    };
    speaker.speak(voice, text, {}, { onSentence }).catch(reject);
  });
}

/** Also notes what is handed over: espeak-ng never speaks twice in quite the same way. */
function note(voice: Voice, utterances: Utterance[]): Voice {
  return {
    engine: voice.engine,
    role: voice.role,
    names: voice.names,
    async *speak(...request) {
      for await (const utterance of voice.speak(...request)) {
        utterances.push(utterance);
        yield utterance;
      }
    },
  };
}

/** What is to be shown for a sentence, not yet in the world's time. */
function rehearse({ phonemes = [], sound, sampleRate, text, performance }: Utterance) {
  const performed = performance ?? new Speaking(controls).speak({ phonemes, text }, 0);
  const column = performed.names.indexOf(JAW);
  return {
    fps: performed.fps,
    jaw: performed.controls.map((row) => row[column] ?? 0),
    seconds: sound.length / sampleRate,
    // A stop begins with its closure.
    quiet: sound.findIndex((value) => value !== 0) / sampleRate,
  };
}

/** What is heard of the bus, and what is shown meanwhile. */
async function record(engine: string, text: string, stopAfter?: number) {
  const blocks: { seconds: number; sound: Float32Array; offset: number }[] = [];
  const shown: { seconds: number; jaw: number }[] = [];
  const node = new AudioWorkletNode(context, "recorder");
  node.port.onmessage = ({ data }) => blocks.push({ ...data, offset: measureOffset() });
  bus.connect(node);
  const utterances: Utterance[] = [];
  const voice = note(chooseVoice(voices, engine), utterances);
  const isWhole = voice.role === "all";
  const look = () => {
    const seconds = now();
    const values: Values | null = isWhole
      ? speaker.source(seconds)
      : speaking.mouth(seconds);
    shown.push({ seconds, jaw: values?.[JAW] ?? 0 });
  };
  const timer = setInterval(look, INTERVAL);
  const sentences: { text: string; seconds: number }[] = [];
  const onSentence = (text: string, seconds: number) =>
    sentences.push({ text, seconds });
  const done = speaker.speak(voice, text, {}, { onSentence });
  let stopped = null;
  if (stopAfter) {
    await sleep(stopAfter);
    stopped = { seconds: now(), context: context.currentTime };
    speaker.stop();
  }
  await done;
  const ended = now();
  await sleep(0.4);
  clearInterval(timer);
  bus.disconnect(node);
  // Chromium's bus hands over once what it last held, of whoever spoke before.
  blocks.shift();
  const heard = blocks.filter(({ sound }) => sound.some((value) => value !== 0));
  const first = heard[0];
  const onset = first?.sound.findIndex((value) => value !== 0) ?? 0;
  return {
    rehearsed: utterances.slice(0, 1).map(rehearse)[0],
    onset: (first?.seconds ?? 0) + (first?.offset ?? 0) + onset / context.sampleRate,
    silent: (heard.at(-1)?.seconds ?? 0) + 128 / context.sampleRate,
    loudness: blocks.map(({ seconds, sound, offset }) => ({
      seconds: seconds + offset + sound.length / 2 / context.sampleRate,
      power: sound.reduce((sum, value) => sum + value * value, 0) / sound.length,
    })),
    shown,
    sentences,
    stopped,
    ended,
  };
}

/** The context's own relation of its time to the page's, not our smoothed one. */
function measureOffset() {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  return performanceTime / 1000 - contextTime;
}

function sleep(seconds: number) {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

const api = {
  voices: () => voices.map(({ engine, names }) => ({ engine, names })),
  /** The worker is loaded again at the next sentence. */
  forget: async () => {
    voices = await findVoices("./");
  },
  warm: (engine: string) => chooseVoice(voices, engine).warm?.(),
  read,
  time,
  record,
  state: () => context.state,
  /** How many sentences are made within some seconds. */
  async count(engine: string, text: string, seconds: number) {
    let count = 0;
    const onSentence = () => count++;
    const done = speaker.speak(chooseVoice(voices, engine), text, {}, { onSentence });
    await sleep(seconds);
    speaker.stop();
    await done;
    return count;
  },
  /** Seconds until each of two texts is done, the second said into the first. */
  async interrupt(engine: string, ...texts: string[]) {
    const voice = chooseVoice(voices, engine);
    const ends = texts.map(async (text, index) => {
      await sleep(0.8 * index);
      const started = now();
      await speaker.speak(voice, text);
      return now() - started;
    });
    return Promise.all(ends);
  },
};

declare global {
  interface Window {
    speech: typeof api;
  }
}
window.speech = api;

document.querySelector("button")?.addEventListener("click", async () => {
  await context.resume();
  await context.audioWorklet.addModule(recorder);
  document.body.dataset.state = "audible";
});
document.body.dataset.state = "ready";
