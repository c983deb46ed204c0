/** Puts frames together on the CPU, by the WebAssembly of `assembly/compositor.ts`. */

import wasmUrl from "./compositor.wasm?url";
import { decodeHalfFloats } from "./half_floats";
import type { Parts, PartsInfo } from "./messages";
import { type CropWindow, listWindows } from "./window_shares";

/** Where AssemblyScript's own data end, with room to spare. */
const FIRST_BYTE = 65_536;
const TABLE_BYTES = 8192;
const PAGE_BYTES = 65_536;

interface Exports {
  fillTable(table: number): void;
  fillColumns(places: number, count: number, size: number): void;
  insertCrop(
    picture: number,
    size: number,
    crop: number,
    channels: number,
    shares: number,
    left: number,
    top: number,
    width: number,
    height: number,
  ): void;
  readPlaces(places: number, numbers: number, cells: number, motion: number): void;
  move(
    picture: number,
    size: number,
    motion: number,
    cells: number,
    columns: number,
    line: number,
    moved: number,
    shares: number,
  ): void;
  shrink(picture: number, size: number, block: number, small: number): void;
  sharpen(
    picture: number,
    size: number,
    small: number,
    count: number,
    columns: number,
    line: number,
    amount: number,
  ): void;
  widen(source: number, channels: number, count: number, target: number): void;
  finish(
    moved: number,
    size: number,
    shares: number,
    residual: number,
    side: number,
    columns: number,
    line: number,
    table: number,
    isOpaque: boolean,
    bytes: number,
  ): void;
}

/** Hands out parts of the memory, one after the other. */
class Room {
  next = FIRST_BYTE;

  take(bytes: number): number {
    const start = this.next;
    // Aligned to a vector, whose last one may reach over the end.
    this.next += 16 * Math.ceil(bytes / 16) + 16;
    return start;
  }
}

export class Compositor {
  private readonly at: Record<
    | "still"
    | "picture"
    | "moved"
    | "shares"
    | "places"
    | "motion"
    | "residual"
    | "wide"
    | "line"
    | "small"
    | "table"
    | "cellColumns"
    | "sideColumns"
    | "smallColumns"
    | "bytes",
    number
  >;
  private readonly windows: readonly (CropWindow & { crop: number; at: number })[];
  private readonly memory: WebAssembly.Memory;

  private constructor(
    private readonly code: Exports,
    memory: WebAssembly.Memory,
    private readonly info: PartsInfo,
    private readonly cells: number,
    private readonly numbers: number,
    private readonly side: number,
  ) {
    const { size, channels, block } = info;
    const room = new Room();
    const pixels = 16 * size * size;
    this.at = {
      still: room.take(pixels),
      picture: room.take(pixels),
      moved: room.take(pixels),
      shares: room.take(4 * size * size),
      places: room.take(4 * numbers * cells * cells),
      motion: room.take(16 * cells * cells),
      residual: room.take(4 * channels * side * side),
      wide: channels === 4 ? 0 : room.take(16 * side * side),
      line: room.take(16 * size),
      small: room.take(16 * (size / block) ** 2),
      table: room.take(TABLE_BYTES),
      cellColumns: room.take(12 * size),
      sideColumns: room.take(12 * size),
      smallColumns: room.take(12 * size),
      bytes: room.take(4 * size * size),
    };
    this.windows = listWindows(info).map((window) => ({
      ...window,
      at: room.take(window.shares.byteLength),
      crop: room.take(4 * channels * window.width * window.height),
    }));
    memory.grow(Math.ceil(room.next / PAGE_BYTES));
    this.memory = memory;
    for (const { at, shares } of this.windows)
      this.floats(at, shares.length).set(shares);
    code.fillTable(this.at.table);
    code.fillColumns(this.at.cellColumns, cells, size);
    code.fillColumns(this.at.sideColumns, side, size);
    code.fillColumns(this.at.smallColumns, size / block, size);
  }

  /** `cells` and `side` are the sides of `places` and `residual`. */
  static async create(
    info: PartsInfo,
    still: Uint8Array<ArrayBuffer>,
    { cells, numbers, side }: { cells: number; numbers: number; side: number },
    source: Response | Promise<Response> | BufferSource = fetch(wasmUrl),
  ): Promise<Compositor> {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const imports = { env: { memory, abort: () => {} } };
    const { instance } =
      source instanceof Promise || source instanceof Response
        ? await WebAssembly.instantiateStreaming(source, imports)
        : await WebAssembly.instantiate(source, imports);
    const code = instance.exports as unknown as Exports;
    const made = new Compositor(code, memory, info, cells, numbers, side);
    const picture = decodeHalfFloats(still);
    const { size, channels } = info;
    made.floats(made.at.moved, picture.length).set(picture);
    code.widen(made.at.moved, channels, size * size, made.at.still);
    made.copy(made.at.still, made.at.picture, 16 * size * size);
    return made;
  }

  /** RGBA with straight alpha; valid until the next call. */
  compose({ places, residual, crops }: Parts): Uint8ClampedArray<ArrayBuffer> {
    const { at, code, info } = this;
    const { size, channels, sharpening, block } = info;
    this.floats(at.places, places.length).set(places);
    this.floats(at.residual, residual.length).set(residual);
    this.insertCrops(crops);
    code.readPlaces(at.places, this.numbers, this.cells, at.motion);
    code.move(
      at.picture,
      size,
      at.motion,
      this.cells,
      at.cellColumns,
      at.line,
      at.moved,
      at.shares,
    );
    if (sharpening) {
      const count = size / block;
      code.shrink(at.moved, size, block, at.small);
      code.sharpen(
        at.moved,
        size,
        at.small,
        count,
        at.smallColumns,
        at.line,
        sharpening,
      );
    }
    if (channels < 4) code.widen(at.residual, channels, this.side ** 2, at.wide);
    code.finish(
      at.moved,
      size,
      at.shares,
      channels < 4 ? at.wide : at.residual,
      this.side,
      at.sideColumns,
      at.line,
      at.table,
      channels < 4,
      at.bytes,
    );
    return new Uint8ClampedArray(
      this.memory.buffer as ArrayBuffer,
      at.bytes,
      4 * size * size,
    );
  }

  private insertCrops(crops: readonly Float32Array[]) {
    const { at, code, info } = this;
    const { size, channels } = info;
    for (const { left, top, width, height } of this.windows) {
      for (let row = top; row < top + height; row++) {
        const offset = 16 * (row * size + left);
        this.copy(at.still + offset, at.picture + offset, 16 * width);
      }
    }
    this.windows.forEach(({ left, top, width, height, at: shares, crop }, index) => {
      const values = crops[index] as Float32Array;
      this.floats(crop, values.length).set(values);
      code.insertCrop(
        at.picture,
        size,
        crop,
        channels,
        shares,
        left,
        top,
        width,
        height,
      );
    });
  }

  private floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  private copy(from: number, to: number, bytes: number) {
    new Uint8Array(this.memory.buffer).copyWithin(to, from, from + bytes);
  }
}
