/** A worker that renders, and the canvas that shows what it hands over. */

import type { AnchorFiles } from "../anchor_files";
import { Failure, revive } from "../failures";
import type {
  Backend,
  Count,
  Draw,
  ModelFiles,
  Reply,
  Request,
  Usage,
} from "./messages";

type Answer = Extract<Reply, { id: number }>;

interface Waiting {
  resolve(reply: Answer): void;
  reject(error: Error): void;
}

export class WorkerRenderer {
  private readonly waiting = new Map<number, Waiting>();
  private readonly ready: Promise<string>;
  private nextId = 0;

  private constructor(
    private readonly worker: Worker,
    private readonly onLost: (error: Error) => void,
  ) {
    this.ready = new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
        if (data.kind === "ready") resolve(data.label);
        else if (data.kind === "failed") this.fail(revive(data.reason), reject);
        else this.settle(data);
      });
      worker.addEventListener("error", (event: ErrorEvent) => {
        const { message } = event;
        this.fail(message ? new Error(message) : new Failure("renderer_ended"), reject);
      });
    });
    this.ready.catch(() => {});
  }

  /** Starts the runtime at once, so that it loads beside the anchor. */
  static start(
    backend: Backend,
    assets: string,
    numThreads: number,
    onLost: (error: Error) => void,
  ): WorkerRenderer {
    const worker = backend.startsWith("tfjs")
      ? new Worker(new URL("./tfjs_worker.ts", import.meta.url), { name: backend })
      : new Worker(new URL("./litert_worker.ts", import.meta.url), { name: backend });
    const renderer = new WorkerRenderer(worker, onLost);
    renderer.post({ kind: "start", backend, assets, numThreads });
    return renderer;
  }

  /** Returns the label. */
  async load({ info }: AnchorFiles, files: ModelFiles): Promise<string> {
    const { size, alpha, noise } = info;
    this.post({ kind: "load", files, size, alpha, noise });
    return this.ready;
  }

  async draw(controls: Float32Array): Promise<ImageBitmap> {
    const reply = await this.ask({ kind: "draw", controls });
    if (reply.kind !== "drawn") throw new Error("Expected a picture of the worker.");
    return reply.picture;
  }

  async read(controls: Float32Array): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const reply = await this.ask({ kind: "read", controls });
    if (reply.kind !== "pixels") throw new Error("Expected pixels of the worker.");
    return reply.pixels;
  }

  async count(): Promise<Usage> {
    const reply = await this.ask({ kind: "count" });
    if (reply.kind !== "counted") throw new Error("Expected a count of the worker.");
    return reply.usage;
  }

  dispose() {
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) {
      reject(new Error("The anchor was disposed."));
    }
    this.waiting.clear();
  }

  private ask(question: Omit<Draw, "id"> | Omit<Count, "id">): Promise<Answer> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post({ ...question, id } as Request);
    });
  }

  private post(request: Request) {
    this.worker.postMessage(request);
  }

  private settle(reply: Answer) {
    this.waiting.get(reply.id)?.resolve(reply);
    this.waiting.delete(reply.id);
  }

  private fail(error: Error, reject: (error: Error) => void) {
    reject(error);
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
    this.onLost(error);
  }
}
