/** The anchor's poster: something to look at while the rest arrives. */

import type { Anchor } from "../anchor";
import { find } from "./elements";

export async function showPoster(folder: string) {
  const response = await fetch(`${folder}/anchor.json`).catch(() => null);
  const anchor: Partial<Anchor> = response?.ok
    ? await response.json().catch(() => ({}))
    : {};
  // Loading tells what is wrong.
  if (!anchor.poster) return;
  const poster = find<HTMLImageElement>("poster");
  poster.src = `${folder}/${anchor.poster}`;
  await poster.decode().catch(() => {});
  poster.hidden = false;
}
