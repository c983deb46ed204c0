/** Draws an anchor on a canvas, in a worker, by the fastest way this device has. */

import type { AnchorFiles } from "../anchor_files";
import { Failure, told } from "../failures";
import { checkBackend, type Device, listBackends } from "./backends";
import { recall, remember } from "./choice";
import { examineDevice } from "./device";
import type { Backend, Usage } from "./messages";
import { readModel } from "./model_files";
import { WorkerRenderer } from "./worker_renderer";

export interface Renderer {
  /** Such as `LiteRT.js, 2 threads`. */
  readonly label: string;
  readonly backend: Backend;
  /** Shows controls, in the order of the schema; resolves when the canvas has them. */
  draw(controls: Float32Array): Promise<void>;
  /** Renders without showing: RGBA with straight alpha, row by row. */
  read(controls: Float32Array): Promise<Uint8ClampedArray<ArrayBuffer>>;
  /** What would grow if something were left behind. */
  count(): Promise<Usage>;
  dispose(): void;
}

export interface RendererOptions {
  /** Folder of `litert/` and the like, ending with a slash. */
  assets: string;
  /** One of `BACKENDS`; null to choose by measurement. */
  backend: string | null;
  onProgress(share: number, what: string): void;
  onError(error: Error): void;
}

// A backend that is this fast is kept without trying another.
const FAST_MILLISECONDS = 1000 / 60;
const NUM_TRIALS = 8;
// After a lost GPU or a worker that ended; more in a row are no accident.
const MAX_RESTARTS = 3;
const CALM_MILLISECONDS = 60_000;

interface Started {
  readonly backend: Backend;
  readonly label: string;
  readonly worker: WorkerRenderer;
}

interface Timed extends Started {
  /** Of a frame. */
  readonly milliseconds: number;
}

/** Takes the canvas over: nobody else may draw on it afterwards. */
export async function startRenderer(
  canvas: HTMLCanvasElement,
  files: AnchorFiles,
  options: RendererOptions,
): Promise<Renderer> {
  const renderer = new AnchorRenderer(canvas, files, options);
  await renderer.start();
  return renderer;
}

class AnchorRenderer implements Renderer {
  private readonly context: ImageBitmapRenderingContext;
  private started: Promise<Started> | null = null;
  private current: Started | null = null;
  private device: Device | null = null;
  private restarts: number[] = [];
  private isDisposed = false;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly files: AnchorFiles,
    private readonly options: RendererOptions,
  ) {
    canvas.width = files.info.size;
    canvas.height = files.info.size;
    const context = canvas.getContext("bitmaprenderer");
    if (!context) throw new Failure("no_canvas");
    this.context = context;
  }

  get label(): string {
    return this.current?.label ?? "";
  }

  get backend(): Backend {
    return this.current?.backend ?? "litert";
  }

  async start() {
    this.device = await examineDevice();
    await this.keep(this.choose(this.device));
  }

  async draw(controls: Float32Array): Promise<void> {
    const picture = await this.ask((worker) => worker.draw(controls));
    this.context.transferFromImageBitmap(picture);
  }

  read(controls: Float32Array): Promise<Uint8ClampedArray<ArrayBuffer>> {
    return this.ask((worker) => worker.read(controls));
  }

  count(): Promise<Usage> {
    return this.ask((worker) => worker.count());
  }

  dispose() {
    this.isDisposed = true;
    this.current?.worker.dispose();
  }

  /** Whoever asks waits for it; an anchor that was let go meanwhile keeps none. */
  private keep(starting: Promise<Started>): Promise<Started> {
    this.started = starting.then((started) => {
      if (this.isDisposed) started.worker.dispose();
      this.current = started;
      return started;
    });
    return this.started;
  }

  /** Asks the worker, and the one that takes over where it is lost meanwhile. */
  private async ask<T>(question: (worker: WorkerRenderer) => Promise<T>): Promise<T> {
    const { started } = this;
    if (!started || this.isDisposed) throw new Error("The anchor was disposed.");
    const { worker } = await started;
    try {
      return await question(worker);
    } catch (error) {
      if (this.started === started || this.isDisposed) throw error;
      return this.ask(question);
    }
  }

  /** Starts the fastest of what can be used, or what was asked for. */
  private async choose(device: Device): Promise<Started> {
    const forced = checkBackend(this.options.backend);
    if (forced) return this.begin(forced, device);
    const candidates = listBackends(this.files.info, device);
    const known = device.hasGpu ? recall(this.files.info, candidates) : null;
    const order = known
      ? [known, ...candidates.filter((c) => c !== known)]
      : candidates;
    let best: Timed | null = null;
    let failure: unknown = null;
    for (const backend of order) {
      const isSure = backend === known || order.length === 1 || !device.hasGpu;
      const started = await this.try(backend, device, isSure).catch((error) => {
        failure = error;
        return null;
      });
      if (!started) continue;
      const { milliseconds } = started;
      if (best && best.milliseconds <= milliseconds) {
        started.worker.dispose();
      } else {
        best?.worker.dispose();
        best = started;
      }
      if (milliseconds <= FAST_MILLISECONDS) break;
    }
    if (!best) throw failure;
    if (device.hasGpu) remember(this.files.info, best.backend);
    return best;
  }

  /** One that is sure to be taken need not be timed. */
  private async try(backend: Backend, device: Device, isSure: boolean): Promise<Timed> {
    const started = await this.begin(backend, device);
    if (isSure) return { ...started, milliseconds: 0 };
    try {
      return { ...started, milliseconds: await time(started.worker, this.files) };
    } catch (error) {
      started.worker.dispose();
      throw error;
    }
  }

  private async begin(backend: Backend, { numThreads }: Device): Promise<Started> {
    const { assets, onError, onProgress } = this.options;
    const worker = WorkerRenderer.start(backend, assets, numThreads, (error) =>
      this.restart(worker, error),
    );
    try {
      const model = await readModel(this.files, backend, (share) =>
        onProgress(share, backend),
      ).catch((error) => {
        // Another format may do, but whoever keeps the anchor should know.
        onError(error);
        throw error;
      });
      const label = await worker.load(this.files, model);
      return { backend, label, worker };
    } catch (error) {
      worker.dispose();
      throw error;
    }
  }

  /** Another worker takes over from one that failed after it had started. */
  private restart(worker: WorkerRenderer, error: Error) {
    const { current, device } = this;
    if (!device || current?.worker !== worker || this.isDisposed) return;
    worker.dispose();
    const now = performance.now();
    this.restarts = this.restarts.filter((time) => now - time < CALM_MILLISECONDS);
    this.restarts.push(now);
    if (this.restarts.length > MAX_RESTARTS) {
      this.options.onError(
        new Failure("rendering_failed", {
          label: current.label,
          count: MAX_RESTARTS,
          reason: told(error),
        }),
      );
      return;
    }
    this.keep(this.begin(current.backend, device)).catch((failure) =>
      this.options.onError(failure),
    );
  }
}

/** Median milliseconds of a frame, once warm. */
async function time(worker: WorkerRenderer, { schema, info }: AnchorFiles) {
  const rest = Float32Array.from(
    schema.controls,
    ({ name, neutral }) => info.neutral[name] ?? neutral,
  );
  const times: number[] = [];
  await worker.draw(rest).then((picture) => picture.close());
  for (let trial = 0; trial < NUM_TRIALS; trial++) {
    const start = performance.now();
    const controls = rest.map((value) => value + 0.01 * trial);
    (await worker.draw(controls)).close();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[NUM_TRIALS / 2] ?? Number.POSITIVE_INFINITY;
}
