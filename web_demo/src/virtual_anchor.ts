/** An anchor on a canvas: loaded, moved, heard, streamed. */

import type { Anchor } from "./anchor";
import { type AnchorFiles, openAnchor } from "./anchor_files";
import type { Schema, Values } from "./controls";
import type { Latency } from "./latency";
import { LiveAnchor } from "./live_anchor";
import type { Mixer } from "./mixer";
import type { Performance } from "./performance";
import type { Usage } from "./rendering/messages";
import { startRenderer } from "./rendering/renderer";
import type { Voice } from "./speech/voices";

// Beside the script; a bundler that moves scripts elsewhere needs `assets`.
const ASSETS = import.meta.url.replace(/[^/]*$/, "");

export interface LoadOptions {
  /** Where it is drawn; by default a new canvas, `anchor.canvas`. */
  canvas?: HTMLCanvasElement;
  /** Folder with the runtimes, the listener, the tracker; by default beside the script. */
  assets?: string;
  /** One of `BACKENDS`; by default the fastest here. */
  backend?: string | null;
  /** Frames a second at most; by default 60. */
  fps?: number;
  /** Whether it breathes and blinks by itself, which is the default. */
  idle?: boolean;
  /** Hears which share of everything has arrived, 0 to 1. */
  onProgress?: (share: number, what: string) => void;
  /** Hears of failures after loading, such as a lost GPU. */
  onError?: (error: Error) => void;
}

export interface SpeakOptions {
  /** `server`, `espeak` or `browser`; by default the best there is. */
  engine?: string;
  /** Which of the server's own engines, such as `kokoro`. */
  model?: string;
  voice?: string;
  mood?: string;
  /** 1 is a newsreader. */
  openness?: number;
}

/** What `load` returns. */
export interface VirtualAnchor {
  readonly info: Anchor;
  readonly schema: Schema;
  readonly files: AnchorFiles;
  readonly canvas: HTMLCanvasElement;
  readonly mixer: Mixer;
  /** Everything that is heard goes through it; made at the first sound. */
  readonly sound: AudioContext;
  /** What is to be heard connects to it. */
  readonly bus: AudioNode;
  /** What a recording hears: the bus, held back until it is in step with the picture. */
  readonly recorded: AudioNode;
  /** Such as `LiteRT.js wasm, 2 threads`. */
  readonly backend: string;
  /** Frames drawn in the last second. */
  readonly fps: number;
  /** Milliseconds from controls to pixels, over the last 200 frames. */
  readonly latency: Latency;
  /** Frames that were due before the last one was shown, and left out. */
  readonly dropped: number;
  /** What the canvas shows. */
  readonly drawn: Values;
  /** Whether it breathes and blinks by itself. */
  idle: boolean;
  /** Sets controls; those left out stay. They are eased into. */
  set(values: Values): void;
  /** Plays until the end; also the text of a CSV. */
  play(performance: Performance | string): Promise<void>;
  speak(text: string, options?: SpeakOptions): Promise<void>;
  /** Speaks a script: pauses, moods, looks and nods stand in it, in brackets. */
  perform(script: string, options?: SpeakOptions): Promise<void>;
  /** The voices there are, the best first. */
  voices(): Promise<readonly Voice[]>;
  /** The mouth follows the microphone, until what is returned is called. */
  listen(): Promise<() => void>;
  /** The face follows the camera, until what is returned is called. */
  watch(): Promise<() => void>;
  /** Stops whatever plays or speaks. */
  hush(): void;
  /** Picture and sound, for `MediaRecorder` or WebRTC. */
  stream(): MediaStream;
  /** Renders exactly these controls; RGBA with straight alpha. */
  render(values: Values): Promise<Uint8ClampedArray<ArrayBuffer>>;
  /** What would grow if rendering left something behind. */
  count(): Promise<Usage>;
  dispose(): void;
}

/**
 * Loads an anchor and shows its first frame.
 *
 * `source` is the address of a folder or of a zip, a zip that was dropped, or what
 * `openAnchor` returned.
 */
export async function load(
  source: string | Blob | AnchorFiles,
  options: LoadOptions = {},
): Promise<VirtualAnchor> {
  const { onProgress = () => {}, onError = console.error } = options;
  // A zip arrives whole, before the renderer has something to do.
  let arrived = 0;
  const isOpen = typeof source === "object" && "info" in source;
  const files = isOpen
    ? source
    : await openAnchor(source, (share) => {
        arrived = share / 2;
        onProgress(arrived, "anchor");
      });
  const assets = new URL(options.assets ?? ASSETS, document.baseURI);
  const canvas = options.canvas ?? document.createElement("canvas");
  const folder = assets.href.replace(/\/?$/, "/");
  const renderer = await startRenderer(canvas, files, {
    assets: folder,
    backend: options.backend ?? null,
    onProgress: (share, what) => onProgress(arrived + (1 - arrived) * share, what),
    onError,
  });
  const anchor = new LiveAnchor(files, canvas, renderer, folder, options);
  try {
    await anchor.start(options.idle ?? true);
  } catch (error) {
    anchor.dispose();
    throw error;
  }
  return anchor;
}
