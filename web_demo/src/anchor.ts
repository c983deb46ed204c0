/** What is rendered: `anchor.json`, as the export wrote it. */

import type { Values } from "./controls";
import { Failure, part, type Sentence } from "./failures";

const VERSION = 1;

export interface Anchor {
  readonly version: number;
  readonly name: string;
  readonly synthetic: boolean;
  /** Side of a frame, in pixels. */
  readonly size: number;
  readonly alpha: boolean;
  readonly fps: number;
  readonly noise: readonly number[];
  /** Controls at rest; those left out are at the schema's neutral. */
  readonly neutral: Values;
  /** What the take showed; older anchors don't say. */
  readonly ranges?: Readonly<
    Record<string, readonly [low: number, usual: number, high: number]>
  >;
  readonly formats: Readonly<Record<string, { readonly path: string }>>;
  /** The sha256 of every file. */
  readonly files: Readonly<Record<string, string>>;
  readonly poster: string;
  readonly report: string;
  readonly licence: string;
  /** Who agreed to be shown, or why nobody had to. */
  readonly consent: string | Readonly<Record<string, unknown>>;
  readonly training: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly created?: string;
}

/** Checks what `anchor.json` says; `place` is where it lies. */
export function readAnchor(value: unknown, place: string): Anchor {
  const anchor = value as Anchor | null;
  if (typeof anchor?.version !== "number")
    throw damage(place, part("lacks", { name: "version" }));
  if (anchor.version > VERSION) {
    const { version } = anchor;
    throw new Failure("anchor_newer", { place, version, known: VERSION });
  }
  const missing = (
    ["name", "size", "noise", "neutral", "formats", "files"] as const
  ).find((key) => anchor[key] === undefined);
  if (missing) throw damage(place, part("lacks", { name: missing }));
  const models = Object.values(anchor.formats).map(({ path }) => path);
  const files = Object.keys(anchor.files);
  for (const path of [...files, ...models, anchor.poster ?? "", anchor.report ?? ""]) {
    checkInside(path, place);
  }
  return anchor;
}

/** Throws an error if a relative path leads out of its folder. */
export function checkInside(path: string, place: string) {
  if (path.startsWith("/") || path.split("/").includes("..") || /[\\:]/.test(path)) {
    throw new Failure("path_outside", { place, path });
  }
}

function damage(place: string, reason: Sentence): Failure {
  return new Failure("anchor_damaged", { place, reason });
}
