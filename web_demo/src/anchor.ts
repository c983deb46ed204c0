/** What is rendered: `anchor.json`, as the export wrote it. */

import type { Values } from "./controls";

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
  if (typeof anchor?.version !== "number") throw damage(place, "it has no version");
  if (anchor.version > VERSION) {
    throw new Error(
      `The anchor in ${place} has version ${anchor.version}, and this page reads ` +
        `versions up to ${VERSION}. Upgrade it: \`pip install --upgrade keras-anchor\`.`,
    );
  }
  const missing = (
    ["name", "size", "noise", "neutral", "formats", "files"] as const
  ).find((key) => anchor[key] === undefined);
  if (missing) throw damage(place, `it has no ${missing}`);
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
    throw new Error(
      `${place} names \`${path}\`, which lies outside the anchor. Don't use this ` +
        "anchor: it was not made by `keras-anchor export`.",
    );
  }
}

function damage(place: string, reason: string): Error {
  return new Error(
    `${place}/anchor.json is damaged (${reason}). Export the anchor again, or copy it ` +
      "again from where it came.",
  );
}
