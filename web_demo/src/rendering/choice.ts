/** Which backend was the fastest here, remembered from visit to visit. */

import type { Anchor } from "../anchor";
import type { Backend } from "./messages";

interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

// Another size may be faster another way.
function keyOf({ size }: Anchor): string {
  return `keras-anchor backend ${size}`;
}

export function recall(
  anchor: Anchor,
  candidates: readonly Backend[],
  storage = open(),
): Backend | null {
  const known = storage?.getItem(keyOf(anchor)) ?? null;
  return candidates.find((candidate) => candidate === known) ?? null;
}

export function remember(anchor: Anchor, backend: Backend, storage = open()) {
  try {
    storage?.setItem(keyOf(anchor), backend);
  } catch {
    // Full, or private browsing: it is measured again next time.
  }
}

function open(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
