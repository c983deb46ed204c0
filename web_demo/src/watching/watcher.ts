/** The anchor copies a face that a camera sees. */

import type { Schema, Values } from "../controls";
import { Failure } from "../failures";
import { Calibration, fromRest, type Reading, type Rest, Resting } from "./calibration";
import { closeCamera, openCamera, showStream } from "./camera";
import { mirror } from "./mirror";
import { followVideo } from "./pictures";
import { Presence } from "./presence";
import { type Ranges, Retarget } from "./retarget";
import { Tracker } from "./tracker";

// A face that is not seen for so long, when it is asked to hold still.
const CALIBRATION_PATIENCE_SECONDS = 10;

/** What is going on; `searching` when no face is seen. */
export type State = "off" | "starting" | "searching" | "calibrating" | "watching";

export interface WatcherOptions {
  /** Folder of `mediapipe/` and `tracker/`, ending with a slash; the page's if empty. */
  assets?: string;
  /** The anchor's, from `anchor.json`. */
  ranges?: Ranges;
  /** How this person's face rests, from an earlier visit; found out if missing. */
  rest?: Rest | null;
  onState?: (state: State) => void;
  /** Hears why it ended by itself, such as an unplugged camera. */
  onError?: (error: Error) => void;
  /** Hears which share of the tracker has arrived. */
  onProgress?: (share: number) => void;
}

interface Asked {
  readonly calibration: Calibration;
  readonly seconds: number;
  resolve(rest: Rest): void;
  reject(error: Error): void;
}

/** `source` decides as a `person` does in the mixer: expressions and the head. */
export class Watcher {
  /** Shows what the camera sees, once it is placed in a page. */
  readonly video = document.createElement("video");
  /** As a mirror does: the left side of the driver's picture is the anchor's. */
  isMirror = true;
  /** Pictures that the tracker has looked at. */
  numPictures = 0;
  private current: State = "off";
  private run: AbortController | null = null;
  private tracker: Tracker | null = null;
  private stream: MediaStream | null = null;
  private asked: Asked | null = null;
  private found: Rest | null = null;
  private resting: Resting | null = null;
  private readonly retarget: Retarget;
  private readonly presence: Presence;

  constructor(
    schema: Schema,
    private readonly options: WatcherOptions = {},
  ) {
    if (options.rest) this.settle(options.rest);
    this.retarget = new Retarget(schema.controls, options.ranges);
    this.presence = new Presence(schema.controls);
    // Phones play without a touch, and in the page, only what is silent and inline.
    this.video.muted = true;
    this.video.playsInline = true;
  }

  get state(): State {
    return this.current;
  }

  /** How this person's face rests; kept, it spares the next visit the wait. */
  get rest(): Rest | null {
    return this.found;
  }

  /** Milliseconds that the tracker took for the last picture. */
  get spent(): number {
    return this.tracker?.spent ?? 0;
  }

  /** Opens a camera and resolves when faces are looked for. */
  async start(deviceId?: string) {
    this.stop();
    const run = new AbortController();
    this.run = run;
    this.enter("starting");
    try {
      await this.open(run.signal, deviceId);
    } catch (error) {
      if (run.signal.aborted) throw new Failure("camera_off_while_starting");
      this.stop();
      throw error;
    }
    const watching = followVideo(this.video, this.look, run.signal);
    watching.catch((error: Error) => this.end(run, error));
  }

  stop() {
    this.run?.abort();
    this.run = null;
    this.tracker?.dispose();
    this.tracker = null;
    closeCamera(this.stream);
    this.stream = null;
    this.video.srcObject = null;
    this.presence.forget();
    this.asked?.reject(new Failure("camera_off_meanwhile"));
    this.asked = null;
    this.enter("off");
  }

  /** Takes the next second as this person's face at rest. */
  calibrate(): Promise<Rest> {
    if (!this.run) {
      return Promise.reject(new Failure("camera_off"));
    }
    this.asked?.reject(new Failure("calibration_anew"));
    return new Promise((resolve, reject) => {
      const seconds = performance.now() / 1000;
      this.asked = { calibration: new Calibration(), seconds, resolve, reject };
    });
  }

  /** Controls now; null where there is nothing to copy. */
  readonly source = (seconds: number): Values | null => this.presence.values(seconds);

  private async open(signal: AbortSignal, deviceId?: string) {
    const { assets = "", onProgress } = this.options;
    const loading = Tracker.load(assets, onProgress);
    // Whoever refuses the camera need not wait for the tracker, nor hear of it.
    loading.catch(() => {});
    try {
      this.stream = keep(await openCamera(deviceId), signal, closeCamera);
      await showStream(this.video, this.stream);
      this.tracker = keep(await loading, signal, (late) => late.dispose());
    } catch (error) {
      loading.then((late) => late.dispose()).catch(() => {});
      throw error;
    }
    const [track] = this.stream.getVideoTracks();
    track?.addEventListener("ended", () => this.lose(signal));
    this.enter("searching");
  }

  private readonly look = async (picture: ImageBitmap, seconds: number) => {
    const face = await this.tracker?.look(picture, 1000 * seconds);
    if (!this.tracker) return;
    this.numPictures++;
    if (face) this.copy({ seconds, ...face });
    else this.miss(seconds);
  };

  private copy(reading: Reading) {
    if (!this.resting && !this.asked) this.calibrate().catch(() => {});
    const found = this.asked?.calibration.add(reading);
    if (found) {
      this.settle(found);
      this.asked?.resolve(found);
      this.asked = null;
    }
    this.enter(this.asked ? "calibrating" : "watching");
    if (!this.resting) return;
    const values = fromRest(reading, this.resting.next(reading));
    const { seconds } = reading;
    const shown = this.isMirror ? mirror(values) : values;
    this.presence.show(this.retarget.next(shown, seconds), seconds);
  }

  private settle(rest: Rest) {
    this.found = rest;
    this.resting = new Resting(rest);
  }

  private miss(seconds: number) {
    const waited = seconds - (this.asked?.seconds ?? seconds);
    if (waited > CALIBRATION_PATIENCE_SECONDS) {
      this.asked?.reject(new Failure("calibration_faceless"));
      this.asked = null;
    }
    if (this.presence.isAbsent(seconds)) this.enter("searching");
  }

  private lose(signal: AbortSignal) {
    if (!signal.aborted && this.run) {
      this.end(this.run, new Failure("camera_gone"));
    }
  }

  private end(run: AbortController, error: Error) {
    if (this.run !== run) return;
    this.stop();
    this.options.onError?.(error);
  }

  private enter(state: State) {
    if (state === this.current) return;
    this.current = state;
    this.options.onState?.(state);
  }
}

/** Returns what was waited for, or releases it where nobody waits any more. */
function keep<Kind>(
  thing: Kind,
  signal: AbortSignal,
  release: (thing: Kind) => void,
): Kind {
  if (!signal.aborted) return thing;
  release(thing);
  throw new Failure("camera_off_while_starting");
}
