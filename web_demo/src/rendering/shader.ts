/** Puts frames together on the GPU, by WebGL2. */

import { Failure } from "../failures";
import { decodeHalfFloats } from "./half_floats";
import type { Parts, PartsInfo } from "./messages";
import { COVER, FINISH, moveSource, SHRINK } from "./shader_sources";
import { type CropWindow, listWindows } from "./window_shares";

interface Layout {
  readonly format: number;
  readonly internal: number;
}

type Uniforms = Readonly<Record<string, WebGLUniformLocation | null>>;

interface Program {
  readonly program: WebGLProgram;
  readonly uniforms: Uniforms;
}

export class Shader {
  private readonly windows: readonly CropWindow[];
  private readonly layout: Layout;
  private readonly motionLayout: Layout;
  private readonly textures: Record<string, WebGLTexture> = {};
  private readonly targets: Record<string, WebGLFramebuffer> = {};
  private readonly programs: Record<"move" | "shrink" | "finish", Program>;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly info: PartsInfo,
    still: Uint8Array<ArrayBuffer>,
    private readonly sides: { cells: number; numbers: number; side: number },
  ) {
    if (!gl.getExtension("EXT_color_buffer_float")) {
      throw new Failure("gpu_without_floats");
    }
    const { size, channels, block } = info;
    this.windows = listWindows(info);
    this.layout = chooseLayout(gl, channels);
    this.motionLayout = chooseLayout(gl, sides.numbers);
    // Rows of three numbers need not end at a multiple of four bytes.
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.programs = {
      move: build(gl, moveSource(this.windows)),
      shrink: build(gl, SHRINK),
      finish: build(gl, FINISH),
    };
    this.upload("still", size, size, this.layout, decodeHalfFloats(still));
    this.windows.forEach(({ width, height, shares }, index) => {
      this.upload(`shares${index}`, width, height, chooseLayout(gl, 1), shares);
    });
    this.addTarget("moved", size);
    this.addTarget("small", size / block);
  }

  /** Draws on the context's canvas. */
  compose({ places, residual, crops }: Parts) {
    const { gl, info, sides } = this;
    const { size, block, sharpening, channels } = info;
    const motion = toMotion(places, sides.cells, sides.numbers);
    this.upload("motion", sides.cells, sides.cells, this.motionLayout, motion);
    this.upload("residual", sides.side, sides.side, this.layout, residual);
    this.windows.forEach(({ width, height }, index) => {
      const crop = crops[index] as Float32Array;
      this.upload(`crop${index}`, width, height, this.layout, crop);
    });
    const inserts = this.windows.flatMap((_, index) => [
      `crop${index}`,
      `shares${index}`,
    ]);
    this.run("move", "moved", size, ["still", "motion", ...inserts]);
    if (sharpening) {
      this.run("shrink", "small", size / block, ["moved"], ({ block: at }) =>
        gl.uniform1i(at ?? null, block),
      );
    }
    this.run("finish", null, size, ["moved", "small", "residual", "motion"], (at) => {
      gl.uniform1f(at.sharpening ?? null, sharpening);
      gl.uniform1f(at.opacity ?? null, channels < 4 ? 1 : 0);
    });
  }

  /** RGBA with straight alpha, top row first, of what was composed in the same task. */
  read(): Uint8ClampedArray<ArrayBuffer> {
    const { gl } = this;
    const { size } = this.info;
    const rows = new Uint8Array(4 * size * size);
    gl.readPixels(0, 0, size, size, gl.RGBA, gl.UNSIGNED_BYTE, rows);
    const pixels = new Uint8ClampedArray(rows.length);
    for (let row = 0; row < size; row++) {
      const from = 4 * size * (size - 1 - row);
      pixels.set(rows.subarray(from, from + 4 * size), 4 * size * row);
    }
    return pixels;
  }

  private run(
    name: keyof typeof this.programs,
    target: string | null,
    side: number,
    sources: readonly string[],
    set: (uniforms: Uniforms) => void = () => {},
  ) {
    const { gl } = this;
    const { program, uniforms } = this.programs[name];
    gl.bindFramebuffer(gl.FRAMEBUFFER, target ? (this.targets[target] ?? null) : null);
    gl.viewport(0, 0, side, side);
    gl.useProgram(program);
    gl.uniform1f(uniforms.size ?? null, this.info.size);
    sources.forEach((source, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, this.textures[source] ?? null);
      gl.uniform1i(uniforms[source] ?? null, unit);
    });
    set(uniforms);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private upload(
    name: string,
    width: number,
    height: number,
    { format, internal }: Layout,
    values: Float32Array,
  ) {
    const { gl } = this;
    const isNew = !(name in this.textures);
    this.textures[name] ??= createTexture(gl);
    gl.bindTexture(gl.TEXTURE_2D, this.textures[name]);
    if (isNew) gl.texStorage2D(gl.TEXTURE_2D, 1, internal, width, height);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, gl.FLOAT, values);
  }

  private addTarget(name: string, side: number) {
    const { gl } = this;
    const texture = createTexture(gl);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA16F, side, side);
    const target = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, target);
    gl.framebufferTexture2D(
      gl.FRAMEBUFFER,
      gl.COLOR_ATTACHMENT0,
      gl.TEXTURE_2D,
      texture,
      0,
    );
    this.textures[name] = texture;
    this.targets[name] = target as WebGLFramebuffer;
  }
}

/** How far each cell moves: at the border, enlarging repeats motion, not places. */
function toMotion(places: Float32Array, cells: number, numbers: number): Float32Array {
  const motion = places.slice();
  for (let cell = 0; cell < cells * cells; cell++) {
    const [row, column] = [Math.floor(cell / cells), cell % cells];
    motion[numbers * cell] = (places[numbers * cell] ?? 0) - centre(column, cells);
    motion[numbers * cell + 1] = (places[numbers * cell + 1] ?? 0) - centre(row, cells);
  }
  return motion;
}

function centre(index: number, count: number): number {
  return (2 * index + 1) / count - 1;
}

function chooseLayout(gl: WebGL2RenderingContext, channels: number): Layout {
  const layouts = [
    { format: gl.RED, internal: gl.R32F },
    { format: gl.RG, internal: gl.RG32F },
    { format: gl.RGB, internal: gl.RGB32F },
    { format: gl.RGBA, internal: gl.RGBA32F },
  ];
  return layouts[channels - 1] as Layout;
}

function createTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  }
  return texture as WebGLTexture;
}

function build(gl: WebGL2RenderingContext, source: string): Program {
  const program = gl.createProgram() as WebGLProgram;
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, COVER],
    [gl.FRAGMENT_SHADER, source],
  ] as const) {
    const shader = gl.createShader(kind) as WebGLShader;
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`This GPU cannot run a program: ${gl.getProgramInfoLog(program)}`);
  }
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0;
  const uniforms: Record<string, WebGLUniformLocation | null> = {};
  for (let index = 0; index < count; index++) {
    const name = gl.getActiveUniform(program, index)?.name ?? "";
    uniforms[name] = gl.getUniformLocation(program, name);
  }
  return { program, uniforms };
}
