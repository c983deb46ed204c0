/** The microphone moves the mouth. Nothing of it is played, kept or sent. */

import type { Values } from "../controls";
import { Failure } from "../failures";
import { Ear, type EarStatistics } from "./ear";
import { resume } from "./resume";

/** Older than this, in seconds, a row says nothing of now. */
const OLDEST = 0.4;
const REFUSALS = {
  NotAllowedError: "microphone_refused",
  NotFoundError: "microphone_missing",
  // WebKit's word for the same.
  OverconstrainedError: "microphone_missing",
  NotReadableError: "microphone_busy",
  SecurityError: "microphone_forbidden",
} as const;

export interface MicrophoneOptions {
  /** Hears of what fails after the start, such as a microphone that was unplugged. */
  onError?: (error: Error) => void;
}

export class Microphone {
  private context: AudioContext | null = null;
  private stream: MediaStream | null = null;
  private node: MediaStreamAudioSourceNode | null = null;
  private ear: Ear | null = null;
  /** Which start it is: one that was stopped while it waited gives all back. */
  private attempt = 0;

  constructor(private readonly options: MicrophoneOptions = {}) {}

  get isListening(): boolean {
    return this.node !== null;
  }

  /** How loud it is now, 0 to 1, for a meter. */
  get level(): number {
    return this.ear?.level ?? 0;
  }

  get statistics(): EarStatistics | null {
    return this.ear?.statistics ?? null;
  }

  /**
   * Asks for the microphone and listens; resolves early if `stop` is called.
   *
   * `assets` is the address of the folder of `listener/` and `litert/`.
   */
  async start(context: AudioContext, assets: string) {
    this.stop();
    const attempt = ++this.attempt;
    const stream = await askForMicrophone();
    if (attempt !== this.attempt) return close(stream);
    this.stream = stream;
    try {
      await resume(context);
      const onError = (error: Error) => this.fail(error);
      const ear = await Ear.start({ context, assets, onError });
      if (attempt !== this.attempt) return ear.dispose();
      this.ear = ear;
      this.context = context;
      this.node = connect(context, stream);
      this.node.connect(ear.input);
    } catch (error) {
      if (attempt === this.attempt) this.stop();
      throw error;
    }
    this.watch(stream);
  }

  /** Gives the microphone back. */
  stop() {
    this.attempt++;
    if (this.stream) close(this.stream);
    this.node?.disconnect();
    this.ear?.dispose();
    this.stream = null;
    this.node = null;
    this.ear = null;
    this.context = null;
  }

  /** What the mouth does now, for the role `mouth`; null where nothing is heard. */
  readonly source = (_seconds: number): Values | null => {
    const newest = this.ear?.newest ?? null;
    if (newest === null || this.context?.state !== "running") return null;
    if (this.context.currentTime - newest > OLDEST) return null;
    return this.ear?.at(newest) ?? null;
  };

  private watch(stream: MediaStream) {
    for (const track of stream.getAudioTracks()) {
      track.onended = () => this.fail(new Failure("microphone_gone"));
    }
  }

  private fail(error: Error) {
    this.stop();
    this.options.onError?.(error);
  }
}

async function askForMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) {
    throw new Failure("microphone_insecure");
  }
  const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw describeRefusal(error);
  }
}

/** The sentence for what `getUserMedia` throws. */
export function describeRefusal(error: unknown): Failure {
  const name = error instanceof Error ? error.name : "";
  const isKnown = (name: string): name is keyof typeof REFUSALS => name in REFUSALS;
  if (isKnown(name)) return new Failure(REFUSALS[name]);
  return new Failure("microphone_fails", { reason: String(error) });
}

function connect(
  context: AudioContext,
  stream: MediaStream,
): MediaStreamAudioSourceNode {
  try {
    return context.createMediaStreamSource(stream);
  } catch {
    throw new Failure("microphone_rate");
  }
}

function close(stream: MediaStream) {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}
