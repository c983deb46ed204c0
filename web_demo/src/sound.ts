/** Where everything that is heard comes together: speakers, recordings, streams. */

import { AudioClock } from "./speech/audio_clock";

const MAX_DELAY_SECONDS = 1;

export class Sound {
  private delay: DelayNode | null = null;
  private node: GainNode | null = null;
  private outlet: MediaStreamAudioDestinationNode | null = null;
  private isDisposed = false;
  private readonly life = new AbortController();

  /** Made when it is first asked for: browsers count and limit them. */
  get context(): AudioContext {
    return this.bus.context as AudioContext;
  }

  get bus(): GainNode {
    if (this.isDisposed) throw new Error("The anchor was disposed. Load it again.");
    if (!this.node) {
      const context = new AudioContext({ latencyHint: "interactive" });
      this.node = new GainNode(context);
      this.node.connect(context.destination);
      wakeByTouch(context, this.life.signal);
    }
    return this.node;
  }

  /**
   * What a recording hears, in step with the picture.
   *
   * Lips follow what has reached the ear; the bus is ahead by the way there.
   */
  get recorded(): AudioNode {
    const { context } = this;
    if (!this.delay) {
      this.delay = new DelayNode(context, { maxDelayTime: MAX_DELAY_SECONDS });
      this.bus.connect(this.delay);
    }
    this.delay.delayTime.value = new AudioClock(context).latency;
    return this.delay;
  }

  /** What is heard, as tracks. */
  get tracks(): MediaStreamTrack[] {
    if (!this.outlet) {
      this.outlet = new MediaStreamAudioDestinationNode(this.context);
      this.recorded.connect(this.outlet);
    }
    return this.outlet.stream.getAudioTracks();
  }

  dispose() {
    this.isDisposed = true;
    this.life.abort();
    for (const track of this.outlet?.stream.getTracks() ?? []) track.stop();
    this.node?.disconnect();
    const context = this.node?.context as AudioContext | undefined;
    context?.close().catch(() => {});
    this.node = null;
    this.delay = null;
    this.outlet = null;
  }
}

/**
 * Starts sound at the next click or key, should it stand still then.
 *
 * WebKit lets it start only within seconds of one: what follows a click later, such as
 * a file that is dropped, would never be heard.
 */
function wakeByTouch(context: AudioContext, signal: AbortSignal) {
  const wake = () => {
    if (context.state !== "running") context.resume().catch(() => {});
  };
  for (const touch of ["click", "keydown"]) {
    document.addEventListener(touch, wake, { capture: true, signal });
  }
}
