/** Which of an anchor's files a backend needs, fetched. */

import type { Anchor } from "../anchor";
import type { AnchorFiles } from "../anchor_files";
import { Failure } from "../failures";
import { joinChunks } from "../files";
import type { Backend, ModelFiles, PartsInfo } from "./messages";

const PARTS_VERSION = 1;

type OnProgress = (share: number) => void;

export async function readModel(
  files: AnchorFiles,
  backend: Backend,
  onProgress: OnProgress,
): Promise<ModelFiles> {
  if (backend === "litert-whole") {
    const format = "tflite_float16" in files.info.formats ? "tflite_float16" : "tflite";
    return { model: await files.read(pathOf(files.info, format), onProgress) };
  }
  if (!backend.startsWith("tfjs")) return readParts(files, onProgress);
  const model = await readGraph(files, onProgress);
  if (backend !== "tfjs-split") return model;
  const { parts, still } = await readParts(files, () => {});
  return { ...model, parts, still };
}

async function readParts(files: AnchorFiles, onProgress: OnProgress) {
  const path = pathOf(files.info, "web");
  const parts = readJson<PartsInfo>(await files.read(path));
  if (!(parts.version <= PARTS_VERSION)) {
    const { version } = parts;
    throw new Failure("parts_newer", { path, version, known: PARTS_VERSION });
  }
  const [model, still] = await Promise.all([
    files.read(beside(path, parts.model), onProgress),
    files.read(beside(path, parts.still)),
  ]);
  return { model, parts, still };
}

async function readGraph(files: AnchorFiles, onProgress: OnProgress) {
  const path = pathOf(files.info, "tfjs");
  const model = await files.read(path);
  const { weightsManifest } = readJson<{ weightsManifest: { paths: string[] }[] }>(
    model,
  );
  const names = weightsManifest.flatMap(({ paths }) => paths);
  const shards = await Promise.all(
    names.map((name) => files.read(beside(path, name), onProgress)),
  );
  return { model, weights: joinChunks(shards) };
}

/** Where the model of a format lies in the anchor. */
function pathOf({ name, formats }: Anchor, format: string): string {
  const entry = formats[format];
  if (entry) return entry.path;
  const known = Object.keys(formats).join(", ");
  throw new Failure("format_missing", { name, format, formats: known });
}

function readJson<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

function beside(path: string, name: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1) + name;
}
