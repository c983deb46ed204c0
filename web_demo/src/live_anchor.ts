/** What `load` returns: everything that moves, sounds and shows one anchor. */

import type { Anchor } from "./anchor";
import type { AnchorFiles } from "./anchor_files";
import { Base } from "./base";
import { pack, type Schema, type Values } from "./controls";
import { FrameLoop } from "./frame_loop";
import { Idling } from "./idling";
import type { Latency } from "./latency";
import { Mixer } from "./mixer";
import { checkPerformance, type Performance, readCsv } from "./performance";
import { playPerformance } from "./playback";
import type { Usage } from "./rendering/messages";
import type { Renderer } from "./rendering/renderer";
import type { SensesOptions } from "./senses";
import { Sound } from "./sound";
import type { Voice } from "./speech/voices";
import type { Talking } from "./talking";
import type { LoadOptions, SpeakOptions, VirtualAnchor } from "./virtual_anchor";
import { Visibility } from "./visibility";

const MAX_FPS = 60;

export class LiveAnchor implements VirtualAnchor {
  readonly info: Anchor;
  readonly schema: Schema;
  readonly mixer: Mixer;
  private readonly base: Base;
  private readonly loop: FrameLoop;
  private visibility: Visibility | null = null;
  private readonly audio = new Sound();
  private readonly idling: Idling;
  private talking: Talking | null = null;
  private readonly onError: (error: Error) => void;
  /** Aborted by `dispose`. */
  private readonly life = new AbortController();
  /** Aborted by `hush`. */
  private pending = new AbortController();
  private streamed: MediaStreamTrack[] = [];

  constructor(
    readonly files: AnchorFiles,
    readonly canvas: HTMLCanvasElement,
    private readonly renderer: Renderer,
    private readonly assets: string,
    { fps = MAX_FPS, onError = console.error }: LoadOptions,
  ) {
    this.onError = onError;
    this.info = files.info;
    this.schema = files.schema;
    const { controls } = files.schema;
    this.mixer = new Mixer(controls);
    this.base = new Base(controls, files.info.neutral);
    this.mixer.add(this.base.source, "base", 0);
    this.idling = new Idling(this.mixer, controls);
    this.loop = new FrameLoop(controls, this.mixer, renderer, fps, onError);
  }

  /** Shows the first frame, and goes on from there. */
  async start(isIdle: boolean) {
    await this.loop.drawFirst();
    this.visibility = new Visibility(
      this.canvas,
      () => this.streamed.some(({ readyState }) => readyState === "live"),
      (isVisible) => this.loop.run(isVisible),
    );
    this.idle = isIdle;
  }

  get sound(): AudioContext {
    return this.audio.context;
  }

  get bus(): AudioNode {
    return this.audio.bus;
  }

  get recorded(): AudioNode {
    return this.audio.recorded;
  }

  get backend(): string {
    return this.renderer.label;
  }

  get fps(): number {
    return this.loop.rate;
  }

  get latency(): Latency {
    return this.loop.latency;
  }

  get dropped(): number {
    return this.loop.dropped;
  }

  get drawn(): Values {
    return this.loop.drawn;
  }

  get idle(): boolean {
    return this.idling.isOn;
  }

  set idle(isOn: boolean) {
    this.idling.switch(isOn).catch(this.onError);
  }

  set(values: Values) {
    this.base.set(values);
  }

  async play(performance: Performance | string): Promise<void> {
    const { schema } = this;
    const read =
      typeof performance === "string" ? readCsv(performance, schema) : performance;
    checkPerformance(read, schema);
    this.hush();
    await playPerformance(read, this.mixer, this.pending.signal);
  }

  async speak(text: string, options: SpeakOptions = {}): Promise<void> {
    this.hush();
    const { signal } = this.pending;
    const talking = await this.loadTalking();
    await talking.speak(text, options, signal);
  }

  async voices(): Promise<readonly Voice[]> {
    return (await this.loadTalking()).voices;
  }

  async listen(): Promise<() => void> {
    const { listen } = await import("./senses");
    return listen(this.sound, this.senses);
  }

  async watch(): Promise<() => void> {
    const { watch } = await import("./senses");
    return watch(this.schema, this.info.ranges, this.senses);
  }

  async perform(script: string, options: SpeakOptions = {}): Promise<void> {
    this.hush();
    const { signal } = this.pending;
    await (await this.loadTalking()).perform(script, options, signal);
  }

  hush() {
    this.pending.abort();
    this.pending = new AbortController();
  }

  stream(): MediaStream {
    const picture = this.canvas.captureStream().getVideoTracks();
    this.streamed.push(...picture);
    this.visibility?.update();
    // Silent until somebody clicks, and heard of then by whoever speaks.
    void this.audio.context.resume().catch(() => {});
    return new MediaStream([...picture, ...this.audio.tracks]);
  }

  render(values: Values): Promise<Uint8ClampedArray<ArrayBuffer>> {
    return this.renderer.read(pack(this.schema.controls, values));
  }

  count(): Promise<Usage> {
    return this.renderer.count();
  }

  dispose() {
    this.hush();
    this.life.abort();
    this.visibility?.dispose();
    this.loop.stop();
    this.renderer.dispose();
    this.talking?.dispose().catch(this.onError);
    this.audio.dispose();
  }

  private get senses(): SensesOptions {
    const { mixer, assets, onError } = this;
    return { mixer, assets, onError, signal: this.life.signal };
  }

  private async loadTalking(): Promise<Talking> {
    const { Talking } = await import("./talking");
    const { schema, mixer, audio, assets } = this;
    this.talking ??= new Talking(schema.controls, mixer, audio, assets);
    return this.talking;
  }
}
