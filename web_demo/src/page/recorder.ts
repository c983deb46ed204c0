/** Records what the stage shows and what is heard. */

import type { VirtualAnchor } from "../virtual_anchor";
import { tellDuration } from "./webm";

// The first one that the browser can write; VP8 leaves the processor to the anchor.
const TYPES = [
  "video/webm;codecs=vp8,opus",
  "video/webm;codecs=vp9,opus",
  "video/webm",
  "video/mp4",
];
/** Types that keep transparency, where the browser is Chromium. */
export const KEEPS_ALPHA = /codecs=vp[89]/;
export const BITS_PER_SECOND = 4_000_000;
const FPS = 30;
// Chunks, so that an error keeps what was recorded before it.
const CHUNK_MILLISECONDS = 1000;

/** What the browser records; null for nothing. */
export function findType(): string | null {
  // Missing in old browsers, whatever TypeScript thinks.
  if (!("MediaRecorder" in globalThis)) return null;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

export class Recorder {
  private readonly chunks: Blob[] = [];
  private readonly start = performance.now();
  private readonly stream: MediaStream;
  private readonly ear: MediaStreamAudioDestinationNode;
  private readonly heard: AudioNode;
  private readonly recorder: MediaRecorder;
  private readonly whole: Promise<Blob>;
  private request = 0;

  /**
   * Records from now on.
   *
   * `paint` draws a frame. `onEnd` hears when the recorder ends by itself; what it has
   * is whole.
   */
  constructor(
    anchor: VirtualAnchor,
    canvas: HTMLCanvasElement,
    type: string,
    private readonly paint: () => void,
    onEnd: (error: unknown) => void,
  ) {
    this.stream = canvas.captureStream(FPS);
    this.ear = anchor.sound.createMediaStreamDestination();
    this.heard = anchor.recorded;
    this.heard.connect(this.ear);
    for (const track of this.ear.stream.getTracks()) this.stream.addTrack(track);
    this.recorder = new MediaRecorder(this.stream, {
      mimeType: type,
      videoBitsPerSecond: BITS_PER_SECOND,
    });
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size) this.chunks.push(data);
    });
    this.recorder.addEventListener("error", onEnd);
    this.whole = new Promise((resolve) => {
      this.recorder.addEventListener("stop", () => {
        resolve(new Blob(this.chunks, { type: type.replace(/;.*/, "") }));
      });
    });
    this.draw();
    this.recorder.start(CHUNK_MILLISECONDS);
  }

  /** Since it began. */
  get seconds(): number {
    return (performance.now() - this.start) / 1000;
  }

  /** Ends it and gives what was recorded, which says how long it is. */
  async stop(): Promise<Blob> {
    cancelAnimationFrame(this.request);
    if (this.recorder.state !== "inactive") this.recorder.stop();
    const { seconds } = this;
    const whole = await this.whole;
    this.heard.disconnect(this.ear);
    for (const track of this.stream.getTracks()) track.stop();
    return tellDuration(whole, seconds);
  }

  private draw() {
    this.paint();
    this.request = requestAnimationFrame(() => this.draw());
  }
}
