/** What the page and the worker that renders say to each other. */

import type { Sentence } from "../failures";

/** One of `BACKENDS`; what each does stands in `backends.ts`. */
export type Backend =
  | "litert"
  | "litert-webgl2"
  | "litert-whole"
  | "tfjs-webgpu"
  | "tfjs-webgl"
  | "tfjs-wasm"
  | "tfjs-split";

/** Bytes of an anchor's files: what `describeParts` or a whole model needs. */
export interface ModelFiles {
  /** A TFLite file, or TF.js' `model.json`. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** TF.js' weights. */
  readonly weights?: Uint8Array<ArrayBuffer>;
  /** How parts are put together; none for a model that returns whole frames. */
  readonly parts?: PartsInfo;
  readonly still?: Uint8Array<ArrayBuffer>;
}

/** `parts.json`, as the export wrote it. */
export interface PartsInfo {
  readonly version: number;
  readonly model: string;
  readonly still: string;
  readonly size: number;
  readonly channels: number;
  /** Left, top, right, bottom of each crop in the still, `[-1, 1]`. */
  readonly boxes: readonly (readonly [number, number, number, number])[];
  /** Over how many half frames a crop fades out. */
  readonly edge: number;
  readonly sharpening: number;
  readonly block: number;
}

/** What the network says of a frame. */
export interface Parts {
  readonly places: Float32Array;
  readonly residual: Float32Array;
  readonly crops: readonly Float32Array[];
}

export interface Start {
  readonly kind: "start";
  readonly backend: Backend;
  /** Folder of the runtimes, an absolute address. */
  readonly assets: string;
  readonly numThreads: number;
}

export interface Load {
  readonly kind: "load";
  readonly files: ModelFiles;
  readonly size: number;
  readonly alpha: boolean;
  readonly noise: readonly number[];
}

/** What would grow if rendering left something behind. */
export interface Usage {
  /** That live now. */
  readonly tensors: number;
}

export interface Count {
  readonly kind: "count";
  readonly id: number;
}

export interface Draw {
  readonly kind: "draw" | "read";
  readonly id: number;
  readonly controls: Float32Array;
}

export type Request = Start | Load | Draw | Count;

export type Reply =
  | { readonly kind: "ready"; readonly label: string }
  | { readonly kind: "drawn"; readonly id: number; readonly picture: ImageBitmap }
  | {
      readonly kind: "pixels";
      readonly id: number;
      readonly pixels: Uint8ClampedArray<ArrayBuffer>;
    }
  | { readonly kind: "counted"; readonly id: number; readonly usage: Usage }
  | { readonly kind: "failed"; readonly reason: string | Sentence };
