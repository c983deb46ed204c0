/** Records what the stage shows and what is heard. */

import type { VirtualAnchor } from "../virtual_anchor";
import { tellDuration } from "./webm";

// VP8 leaves the processor to the anchor.
const WEBM = ["video/webm;codecs=vp8,opus", "video/webm;codecs=vp9,opus", "video/webm"];
const MP4 = "video/mp4";
export const BITS_PER_SECOND = 4_000_000;
const FPS = 30;
// Chunks, so that an error keeps what was recorded before it.
const CHUNK_MILLISECONDS = 1000;

/** What the browser records; null for nothing. */
export function findType(): string | null {
  // Missing in old browsers, whatever TypeScript thinks.
  if (!("MediaRecorder" in globalThis)) return null;
  // Where WebM keeps no transparency, MP4 is better: iPhones show it everywhere.
  const types = isChromium() ? [...WEBM, MP4] : [MP4, ...WEBM];
  return types.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** Whether a film of this type is transparent where the picture is. */
export function keepsAlpha(type: string): boolean {
  return isChromium() && /codecs=vp[89]/.test(type);
}

/** The others write WebM as well, but opaque, and do not tell. */
function isChromium(): boolean {
  return navigator.vendor === "Google Inc.";
}

export class Recorder {
  private readonly chunks: Blob[] = [];
  private readonly start = performance.now();
  private readonly stream: MediaStream;
  /** Ends hearing. */
  private deafen = () => {};
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
    // Sound that stands still would hold the film back, and so would its format.
    const hasSound = anchor.sound.state === "running";
    if (hasSound) this.hear(anchor);
    this.recorder = new MediaRecorder(this.stream, {
      mimeType: hasSound ? type : type.replace(",opus", ""),
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
    this.deafen();
    for (const track of this.stream.getTracks()) track.stop();
    return tellDuration(whole, seconds);
  }

  private hear({ sound, recorded }: VirtualAnchor) {
    const ear = sound.createMediaStreamDestination();
    recorded.connect(ear);
    for (const track of ear.stream.getTracks()) this.stream.addTrack(track);
    this.deafen = () => recorded.disconnect(ear);
  }

  private draw() {
    this.paint();
    this.request = requestAnimationFrame(() => this.draw());
  }
}
