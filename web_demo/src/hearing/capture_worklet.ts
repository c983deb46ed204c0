/** Hears what is connected to it, and sends it on in hops, off the main thread. */

import { HopCutter } from "./hops";
import type { CaptureOptions } from "./messages";

// What an audio worklet has; TypeScript's library does not know it.
declare const sampleRate: number;
declare const currentFrame: number;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (node: { processorOptions: CaptureOptions }) => AudioWorkletProcessor,
): void;

const BLOCK = 128;

class Capture extends AudioWorkletProcessor {
  private readonly cutter: HopCutter;
  private outlet: MessagePort | null = null;
  private isOver = false;
  private mono = new Float32Array(BLOCK);

  constructor({ processorOptions }: { processorOptions: CaptureOptions }) {
    super();
    const { rate, hop } = processorOptions;
    this.cutter = new HopCutter(Math.round(sampleRate), rate, hop);
    // A port to the listener; without one, it is over.
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
      this.outlet = data;
      this.isOver = !data;
    };
  }

  process([channels]: readonly (readonly Float32Array[])[]): boolean {
    for (const hop of this.cutter.push(this.mix(channels ?? []), currentFrame)) {
      this.outlet?.postMessage(hop, [hop.sound.buffer]);
    }
    return !this.isOver;
  }

  /** The mean of the channels; silence where nothing plays, which shuts the mouth. */
  private mix(channels: readonly Float32Array[]): Float32Array {
    const size = channels[0]?.length ?? BLOCK;
    if (this.mono.length !== size) this.mono = new Float32Array(size);
    this.mono.fill(0);
    for (const channel of channels) {
      for (let index = 0; index < size; index++) {
        this.mono[index] =
          (this.mono[index] as number) + (channel[index] as number) / channels.length;
      }
    }
    return this.mono;
  }
}

registerProcessor("capture", Capture);
