/** Files that the viewer keeps. */

import { build } from "./elements";
import { Complaint } from "./words";

const KEPT_MILLISECONDS = 60_000;

/** Offers a file as a download. */
export function save(blob: Blob, name: string) {
  const link = build("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers read it only after a question to the viewer.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MILLISECONDS);
}

/** Such as `adam 2026-12-01 20.15.00.webm`. */
export function nameFile(anchor: string, ending: string, date = new Date()): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad);
  return `${anchor} ${day.join("-")} ${time.join(".")}.${ending}`;
}

/** Such as `1:05`. */
export function spellSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export async function copyText(text: string) {
  await navigator.clipboard.writeText(text).catch(() => {
    throw new Complaint("clipboard_refused");
  });
}
