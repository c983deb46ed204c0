/** Programs of `Shader`, in GLSL; each does a step of `keras_anchor/stills.py`. */

import type { CropWindow } from "./window_shares";

/** A triangle that covers everything. */
export const COVER = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
  gl_Position = vec4(corner, 0, 1);
}`;

const COMMON = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform float size;
out vec4 pixel;
// Between texels, the border repeated; not every device filters float textures.
vec4 enlarge(sampler2D picture, vec2 place) {
  ivec2 last = textureSize(picture, 0) - 1;
  vec2 texel = place * vec2(last + 1) - 0.5;
  vec2 low = floor(texel);
  vec2 share = texel - low;
  ivec2 a = clamp(ivec2(low), ivec2(0), last);
  ivec2 b = clamp(ivec2(low) + 1, ivec2(0), last);
  vec4 above = mix(
    texelFetch(picture, a, 0), texelFetch(picture, ivec2(b.x, a.y), 0), share.x);
  vec4 below = mix(
    texelFetch(picture, ivec2(a.x, b.y), 0), texelFetch(picture, b, 0), share.x);
  return mix(above, below, share.y);
}`;

/** Moves the still, crops laid into it. */
export function moveSource(windows: readonly CropWindow[]): string {
  const uniforms = windows
    .map((_, index) => `uniform sampler2D crop${index}, shares${index};`)
    .join("\n");
  const inserts = windows
    .map(({ left, top, width, height }, index) => {
      const box = `ivec2(${left}, ${top}), ivec2(${width}, ${height})`;
      return `value = insert(value, crop${index}, shares${index}, at, ${box});`;
    })
    .join("\n  ");
  return `${COMMON}
uniform sampler2D still, motion;
${uniforms}
vec4 insert(
  vec4 value, sampler2D crop, sampler2D shares, ivec2 at, ivec2 corner, ivec2 sides
) {
  ivec2 inside = at - corner;
  if (any(lessThan(inside, ivec2(0))) || any(greaterThanEqual(inside, sides))) {
    return value;
  }
  return mix(value, texelFetch(crop, inside, 0), texelFetch(shares, inside, 0).r);
}
vec4 look(ivec2 at) {
  vec4 value = texelFetch(still, at, 0);
  ${inserts}
  return value;
}
void main() {
  vec2 here = gl_FragCoord.xy;
  vec2 step = enlarge(motion, here / size).xy * size * 0.5;
  vec2 place = clamp(here - 0.5 + step, vec2(0), vec2(size - 1.25));
  ivec2 at = ivec2(place);
  vec2 share = place - vec2(at);
  vec4 above = mix(look(at), look(at + ivec2(1, 0)), share.x);
  vec4 below = mix(look(at + ivec2(0, 1)), look(at + ivec2(1, 1)), share.x);
  pixel = mix(above, below, share.y);
}`;
}

/** Means of blocks of pixels. */
export const SHRINK = `${COMMON}
uniform sampler2D moved;
uniform int block;
void main() {
  ivec2 corner = ivec2(gl_FragCoord.xy) * block;
  vec4 sum = vec4(0);
  for (int y = 0; y < block; y++) {
    for (int x = 0; x < block; x++) {
      sum += texelFetch(moved, corner + ivec2(x, y), 0);
    }
  }
  pixel = sum / float(block * block);
}`;

/** Sharpens, corrects, and makes a picture of it: straight alpha, top row first. */
export const FINISH = `${COMMON}
uniform sampler2D moved, small, residual, motion;
uniform float sharpening, opacity;
void main() {
  vec2 here = vec2(gl_FragCoord.x, size - gl_FragCoord.y);
  vec4 value = texelFetch(moved, ivec2(here), 0);
  if (sharpening != 0.0) {
    value += (value - enlarge(small, here / size)) * sharpening;
  }
  float share = enlarge(motion, here / size).z;
  value += enlarge(residual, here / size) * (1.0 - share);
  vec4 colour = tanh(clamp(value, -9.0, 9.0)) * 0.5 + 0.5;
  pixel = vec4(colour.rgb, max(colour.a, opacity));
}`;
