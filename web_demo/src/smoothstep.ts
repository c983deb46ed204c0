/** A step without edges, by which things fade and turn. */

/** 0 below 0, 1 above 1, smooth between. */
export function smoothstep(x: number): number {
  const inside = Math.min(Math.max(x, 0), 1);
  return inside * inside * (3 - 2 * inside);
}
