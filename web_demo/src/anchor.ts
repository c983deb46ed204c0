/** What is rendered: `anchor.json`, as the export wrote it. */

import type { Values } from "./controls";
import { fetchJson } from "./files";

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
  readonly formats: Readonly<Record<string, { readonly path: string }>>;
}

export async function loadAnchor(folder: string): Promise<Anchor> {
  const remedy = "Start the page with `keras-anchor demo --anchor FOLDER`.";
  const anchor = await fetchJson<Anchor>(`${folder}/anchor.json`, remedy);
  if (!(anchor.version <= VERSION)) {
    throw new Error(
      `The anchor has version ${anchor.version}, and this page reads versions up to ` +
        `${VERSION}. Upgrade it: \`pip install --upgrade keras-anchor\`.`,
    );
  }
  return anchor;
}

/** Where the model of a format lies, such as `tfjs`. */
export function formatPath(folder: string, anchor: Anchor, format: string): string {
  const entry = anchor.formats[format];
  if (!entry) {
    throw new Error(
      `The anchor \`${anchor.name}\` has no format ${format}, which a browser needs. ` +
        `It has ${Object.keys(anchor.formats)}. Export its run again to add it.`,
    );
  }
  return `${folder}/${entry.path}`;
}
