/** What a worker that renders does: starts, loads, and answers one draw after another. */

import { told } from "../failures";
import type { Artist } from "./artists";
import type { Load, Reply, Request, Start, Usage } from "./messages";

export interface Runtime {
  /** Such as `LiteRT.js wasm, 2 threads`. */
  readonly label: string;
  /** `fail` hears of a GPU that was taken away. */
  load(load: Load, fail: (error: Error) => void): Promise<Artist>;
  count(): Usage;
}

/** Answers the page; `begin` starts what the model runs in. */
export function answer(begin: (start: Start) => Promise<Runtime>) {
  let runtime: Promise<Runtime> | null = null;
  let artist: Promise<Artist> | null = null;

  const send = (reply: Reply, transfer: Transferable[] = []) =>
    self.postMessage(reply, { transfer });
  const fail = (error: unknown) => send({ kind: "failed", reason: told(error) });

  async function handle(request: Request) {
    if (request.kind === "start") {
      runtime = begin(request);
      await runtime;
    } else if (request.kind === "load") {
      const { label, load } = await (runtime as Promise<Runtime>);
      artist = load(request, fail);
      await artist;
      send({ kind: "ready", label });
    } else if (request.kind === "count") {
      const { count } = await (runtime as Promise<Runtime>);
      send({ kind: "counted", id: request.id, usage: count() });
    } else {
      const { id, controls } = request;
      const drawer = await (artist as Promise<Artist>);
      if (request.kind === "draw") {
        const picture = await drawer.draw(controls);
        send({ kind: "drawn", id, picture }, [picture]);
      } else {
        const pixels = await drawer.read(controls);
        send({ kind: "pixels", id, pixels }, [pixels.buffer]);
      }
    }
  }

  self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
    handle(data).catch(fail);
  });
}
