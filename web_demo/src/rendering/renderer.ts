/** Draws an anchor on a canvas, in a worker, by the fastest way this device has. */

import type { AnchorFiles } from "../anchor_files";
import { checkBackend, type Device, listBackends } from "./backends";
import { recall, remember } from "./choice";
import { examineDevice } from "./device";
import type { Backend } from "./messages";
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
    if (!context) throw new Error("This browser cannot draw on this canvas.");
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
    this.started = this.choose(this.device);
    await this.started;
  }

  async draw(controls: Float32Array): Promise<void> {
    const { worker } = await this.running();
    this.context.transferFromImageBitmap(await worker.draw(controls));
  }

  async read(controls: Float32Array): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const { worker } = await this.running();
    return worker.read(controls);
  }

  dispose() {
    this.isDisposed = true;
    this.current?.worker.dispose();
  }

  private running(): Promise<Started> {
    if (!this.started || this.isDisposed) throw new Error("The anchor was disposed.");
    return this.started;
  }

  /** Starts the fastest of what can be used, or what was asked for. */
  private async choose(device: Device): Promise<Started> {
    const forced = checkBackend(this.options.backend);
    if (forced) return this.begin(forced, device);
    const candidates = listBackends(this.files.info, device);
    const known = recall(this.files.info, candidates);
    const order = known
      ? [known, ...candidates.filter((c) => c !== known)]
      : candidates;
    let best: (Started & { milliseconds: number }) | null = null;
    let failure: unknown = null;
    for (const backend of order) {
      const started = await this.begin(backend, device).catch((error) => {
        failure = error;
        return null;
      });
      if (!started) continue;
      const isSure = backend === known || order.length === 1 || !device.hasGpu;
      const milliseconds = isSure ? 0 : await time(started.worker, this.files);
      if (best && best.milliseconds <= milliseconds) {
        started.worker.dispose();
      } else {
        best?.worker.dispose();
        best = { ...started, milliseconds };
      }
      if (milliseconds <= FAST_MILLISECONDS) break;
    }
    if (!best) throw failure;
    remember(this.files.info, best.backend);
    this.current = best;
    return best;
  }

  private async begin(backend: Backend, { numThreads }: Device): Promise<Started> {
    const { assets, onProgress } = this.options;
    const worker = WorkerRenderer.start(backend, assets, numThreads, (error) =>
      this.restart(worker, error),
    );
    try {
      const model = await readModel(this.files, backend, (share) =>
        onProgress(share, backend),
      );
      const label = await worker.load(this.files, model);
      const started = { backend, label, worker };
      this.current = started;
      return started;
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
        new Error(
          `Rendering by ${current.label} failed ${MAX_RESTARTS} times (${error.message}) ` +
            "Try another backend at the end of the address, such as ?backend=litert.",
        ),
      );
      return;
    }
    this.started = this.begin(current.backend, device);
    this.started.catch((failure) => this.options.onError(failure));
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
