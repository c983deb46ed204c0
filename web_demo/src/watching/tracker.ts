/** The face tracker, as the page sees it: one picture at a time. */

import { fetchBytes } from "../files";

const REMEDY =
  "Start the page with `keras-anchor demo`, or copy the folders `tracker` and " +
  "`mediapipe` beside it.";

export interface Start {
  readonly kind: "start";
  /** Folder of MediaPipe's WebAssembly, ending with a slash. */
  readonly runtime: string;
  readonly model: Uint8Array<ArrayBuffer>;
}

export type Question =
  | Start
  | {
      readonly kind: "look";
      readonly picture: ImageBitmap;
      /** Rising from picture to picture. */
      readonly milliseconds: number;
    };

export interface Face {
  readonly scores: Readonly<Record<string, number>>;
  readonly matrix: readonly number[];
}

export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "seen"; readonly face: Face | null; readonly spent: number }
  | { readonly kind: "failure"; readonly message: string };

export class Tracker {
  /** Milliseconds that the last picture took. */
  spent = 0;
  private settle: (answer: Answer) => void = () => {};

  private constructor(private readonly worker: Worker) {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.settle(data);
    worker.onerror = ({ message }) => this.fail(message || "its file did not load.");
  }

  /**
   * Loads what the tracker needs.
   *
   * `assets`: folder of `mediapipe/` and `tracker/`, ending with a slash.
   */
  static async load(assets: string, onProgress?: (share: number) => void) {
    const folder = new URL(assets, document.baseURI);
    const address = new URL("tracker/face_landmarker.task", folder).href;
    const model = await fetchBytes(address, REMEDY, onProgress);
    const tracker = new Tracker(
      new Worker(new URL("./tracker_worker.ts", import.meta.url), { type: "module" }),
    );
    const runtime = new URL("mediapipe/", folder).href;
    try {
      await tracker.ask({ kind: "start", runtime, model }, [model.buffer]);
    } catch (error) {
      tracker.dispose();
      throw error;
    }
    return tracker;
  }

  /** What is seen in a picture, which is used up; null where there is no face. */
  async look(picture: ImageBitmap, milliseconds: number): Promise<Face | null> {
    const answer = await this.ask({ kind: "look", picture, milliseconds }, [picture]);
    if (answer.kind !== "seen") return null;
    this.spent = answer.spent;
    return answer.face;
  }

  dispose() {
    this.worker.terminate();
    this.fail("it was stopped.");
  }

  private fail(message: string) {
    this.settle({ kind: "failure", message });
  }

  private async ask(question: Question, transfer: Transferable[]): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve) => {
      this.settle = resolve;
      this.worker.postMessage(question, transfer);
    });
    if (answer.kind === "failure") {
      throw new Error(`The face tracker does not run: ${answer.message} ${REMEDY}`);
    }
    return answer;
  }
}
