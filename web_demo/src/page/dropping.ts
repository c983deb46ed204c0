/** Files dropped anywhere on the page. */

import { type Kind, tellKind } from "./kinds";
import { attempt } from "./notices";

export type Takers = Readonly<Record<Kind, (file: File) => Promise<void> | void>>;

export function startDropping(takers: Takers, signal: AbortSignal) {
  const { dataset } = document.body;
  const hasFiles = ({ dataTransfer }: DragEvent) =>
    dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener(
    "dragover",
    (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      dataset.drop = "true";
    },
    { signal },
  );
  document.addEventListener(
    "dragleave",
    (event) => {
      // Only where the pointer leaves the page, not from element to element.
      if (!event.relatedTarget) delete dataset.drop;
    },
    { signal },
  );
  document.addEventListener(
    "drop",
    (event) => {
      delete dataset.drop;
      if (!hasFiles(event)) return;
      event.preventDefault();
      for (const file of event.dataTransfer?.files ?? []) {
        attempt(null, async () => takers[await tellKind(file)](file));
      }
    },
    { signal },
  );
}
