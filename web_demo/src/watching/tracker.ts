/** The face tracker, as the page sees it: one picture at a time. */

import { Failure, part, type Sentence } from "../failures";
import { fetchBytes } from "../files";

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
  | { readonly kind: "failure"; readonly reason: string | Sentence };

export class Tracker {
  /** Milliseconds that the last picture took. */
  spent = 0;
  private settle: (answer: Answer) => void = () => {};

  private constructor(private readonly worker: Worker) {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.settle(data);
    worker.onerror = ({ message }) => this.fail(message || part("tracker_unloaded"));
  }

  /**
   * Loads what the tracker needs.
   *
   * `assets`: folder of `mediapipe/` and `tracker/`, ending with a slash.
   */
  static async load(assets: string, onProgress?: (share: number) => void) {
    const folder = new URL(assets, document.baseURI);
    const address = new URL("tracker/face_landmarker.task", folder).href;
    const model = await fetchBytes(address, "remedy_tracker", onProgress);
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
    this.fail(part("tracker_stopped"));
  }

  private fail(reason: string | Sentence) {
    this.settle({ kind: "failure", reason });
  }

  private async ask(question: Question, transfer: Transferable[]): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve) => {
      this.settle = resolve;
      this.worker.postMessage(question, transfer);
    });
    if (answer.kind === "failure") {
      const remedy = part("remedy_tracker");
      throw new Failure("tracker_fails", { reason: answer.reason, remedy });
    }
    return answer;
  }
}
