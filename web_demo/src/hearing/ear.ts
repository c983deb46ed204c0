/** Listens to whatever is connected to it, and says what the mouth does and when. */

import type { Values } from "../controls";
import { Failure, part, type Sentence } from "../failures";
import { fetchJson } from "../files";
import captureUrl from "./capture_worklet.ts?worker&url";
import { Curves } from "./curves";
import type {
  CaptureOptions,
  Heard,
  ListenerInfo,
  ListenReply,
  ListenRequest,
} from "./messages";

export interface EarOptions {
  readonly context: AudioContext;
  /** Address of the folder of `listener/` and `litert/`, ending with a slash. */
  readonly assets: string;
  /** Hears of what fails after the start. */
  readonly onError: (error: Error) => void;
}

/** How listening goes. */
export interface EarStatistics {
  numHops: number;
  /** What the network took for all of them. */
  milliseconds: number;
  numDropped: number;
}

/** Decibels of full scale between which a level shows from 0 to 1. */
const [QUIET, LOUD] = [-60, -10];

export class Ear {
  readonly statistics: EarStatistics = {
    numHops: 0,
    milliseconds: 0,
    numDropped: 0,
  };
  private readonly curves: Curves;
  private loudness = 0;
  /** Seconds from the sound that a row tells of to the end of its hop. */
  private readonly delay: number;

  static async start(options: EarOptions): Promise<Ear> {
    const { context } = options;
    const assets = new URL(options.assets, document.baseURI).href;
    const info = await fetchJson<ListenerInfo>(
      `${assets}listener/listener.json`,
      "remedy_listener",
    );
    const input = await startCapture(context, info);
    // A classic one, since LiteRT.js calls `importScripts`.
    const worker = new Worker(new URL("./listener_worker.ts", import.meta.url));
    const ear = new Ear(input, worker, info, options.onError);
    try {
      await ear.open(assets, info);
    } catch (error) {
      ear.dispose();
      throw error;
    }
    return ear;
  }

  private constructor(
    /** Connect here what is to be heard. */
    readonly input: AudioWorkletNode,
    private readonly worker: Worker,
    info: ListenerInfo,
    private readonly onError: (error: Error) => void,
  ) {
    this.curves = new Curves(info.controls);
    this.delay = ((info.delay_hops + 0.5) * info.hop) / info.sample_rate;
  }

  /** What the mouth does for the sound at a time of the context. */
  at(contextSeconds: number): Values | null {
    return this.curves.at(contextSeconds);
  }

  /** How loud it is now, 0 to 1, for a meter. */
  get level(): number {
    const decibels = 20 * Math.log10(this.loudness + 1e-6);
    return Math.min(Math.max((decibels - QUIET) / (LOUD - QUIET), 0), 1);
  }

  /** The latest time of the context that is known of, or null. */
  get newest(): number | null {
    return this.curves.newest;
  }

  dispose() {
    this.input.port.postMessage(null);
    this.input.disconnect();
    this.worker.terminate();
  }

  private async open(assets: string, info: ListenerInfo) {
    const { port1, port2 } = new MessageChannel();
    const request: ListenRequest = { assets, info, inlet: port1 };
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string | Sentence) =>
        reject(new Failure("hearing_fails", { reason }));
      this.worker.onerror = ({ message }) => fail(message || part("worker_unloaded"));
      this.worker.onmessage = ({ data }: MessageEvent<ListenReply>) => {
        if (data.kind === "failed") fail(data.error);
        else resolve();
      };
      this.worker.postMessage(request, [port1]);
    });
    const fail = (reason: string | Sentence) =>
      this.onError(new Failure("hearing_stopped", { reason }));
    this.worker.onerror = ({ message }) => fail(message || part("worker_unloaded"));
    this.worker.onmessage = ({ data }: MessageEvent<ListenReply>) => {
      if (data.kind === "heard") this.hear(data);
      else if (data.kind === "failed") fail(data.error);
    };
    this.input.port.postMessage(port2, [port2]);
  }

  private hear(heard: Heard) {
    const { rows, ends, milliseconds, numDropped } = heard;
    const width = rows.length / ends.length;
    ends.forEach((end, index) => {
      const row = rows.subarray(index * width, (index + 1) * width);
      this.curves.add(end - this.delay, row);
    });
    this.loudness = heard.level;
    this.statistics.numHops += ends.length;
    this.statistics.milliseconds += milliseconds;
    this.statistics.numDropped = numDropped;
  }
}

async function startCapture(
  context: AudioContext,
  info: ListenerInfo,
): Promise<AudioWorkletNode> {
  if (!context.audioWorklet) {
    throw new Failure("hearing_insecure");
  }
  // A module that is there already is not run again.
  await context.audioWorklet.addModule(captureUrl);
  const processorOptions: CaptureOptions = { rate: info.sample_rate, hop: info.hop };
  return new AudioWorkletNode(context, "capture", {
    numberOfOutputs: 0,
    processorOptions,
  });
}
