/** What the page, the capture of sound and the listener tell each other. */

/** What is needed of `listener.json`. */
export interface ListenerInfo {
  readonly controls: readonly string[];
  readonly sample_rate: number;
  readonly hop: number;
  readonly delay_hops: number;
  readonly state_size: number;
}

export interface CaptureOptions {
  /** Samples a second, and in a hop, that the network takes. */
  readonly rate: number;
  readonly hop: number;
}

/** The first message to the listener; the hops come through `inlet`. */
export interface ListenRequest {
  /** Address of the folder of `listener/` and `litert/`, ending with a slash. */
  readonly assets: string;
  readonly info: ListenerInfo;
  readonly inlet: MessagePort;
}

export interface Heard {
  /** One after another, a row of controls for each hop. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** When each of the hops ended, in seconds of the audio context. */
  readonly ends: readonly number[];
  /** The loudest of them, root mean square, before it was levelled. */
  readonly level: number;
  /** What the network took for all of them. */
  readonly milliseconds: number;
  /** Hops so far that came too fast to be heard. */
  readonly numDropped: number;
}

export type ListenReply =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly error: string }
  | ({ readonly kind: "heard" } & Heard);
