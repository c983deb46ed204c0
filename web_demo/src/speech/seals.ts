/** Lips that meet for m, b, p, and a lip that meets the teeth for f, v. */

import { smoothstep } from "../smoothstep";
import { isClose, type VisemeTable } from "./viseme_table";
import type { Segment } from "./visemes";

const SEAL_SECONDS = 0.07;

/**
 * Makes lips meet (m, b, p), or lip and teeth (f, v), in at least one frame each.
 *
 * Whatever the jaw does, `mouthClose` as large as `jawOpen` shuts the lips. Lips that
 * meet are done last, since they must not be opened again.
 */
export function sealLips(
  columns: readonly Float64Array[],
  segments: readonly Segment[],
  times: readonly number[],
  fps: number,
  table: VisemeTable,
) {
  const get = (wanted: string) =>
    columns[table.find((name) => name === wanted)[0] ?? -1];
  const [jaw, close, funnel] = [get("jawOpen"), get("mouthClose"), get("mouthFunnel")];
  if (!jaw || !close || !times.length) return;
  const [, members = []] = table.groups.find(([group]) => group === "lips") ?? [];
  const lips = members.filter((column) => !isClose(table.columns[column]?.name ?? ""));
  const leftOpen = new Float64Array(times.length);
  const weights = new Float64Array(times.length);
  const open = ({ viseme }: Segment) => viseme.seal ?? 0;
  const sealed = segments.filter(({ viseme }) => viseme.seal !== null);
  for (const segment of sealed.sort((a, b) => open(b) - open(a))) {
    const { start, end, viseme } = segment;
    const middle = Math.min(Math.max(((start + end) / 2) * fps, 0), times.length - 1);
    const frame = Math.trunc(middle);
    const inside = Math.max(0, (end - start) / 2 - SEAL_SECONDS / 2);
    const reach = Math.trunc((inside + SEAL_SECONDS) * fps) + 1;
    const last = Math.min(frame + reach, times.length - 1);
    for (let near = Math.max(0, frame - reach); near <= last; near += 1) {
      const distance = Math.abs((times[near] ?? 0) - (times[frame] ?? 0));
      const weight = 1 - smoothstep((distance - inside) / SEAL_SECONDS);
      for (const column of lips) {
        pull(columns[column], near, viseme.shape[column] ?? 0, weight);
      }
      pull(funnel, near, 0, weight);
      pull(leftOpen, near, open(segment), weight);
      pull(weights, near, 1, weight);
    }
  }
  close.forEach((_, frame) => {
    const gap = Math.max(0, (jaw[frame] ?? 0) - (leftOpen[frame] ?? 0));
    close[frame] = (weights[frame] ?? 0) * gap;
  });
}

function pull(
  values: Float64Array | undefined,
  frame: number,
  target: number,
  share: number,
) {
  if (!values) return;
  const value = values[frame] ?? 0;
  values[frame] = value + share * (target - value);
}
