/** Listens away from the page: hops of sound to rows of controls. */

import { Backlog } from "./backlog";
import type { Hop } from "./hops";
import { Loudness } from "./loudness";
import type { ListenReply, ListenRequest } from "./messages";
import { Network } from "./network";

/** Half a second of hops; what is older says nothing of now. */
const MOST_WAITING = 50;
/** Hops heard at a time, before the page is told. */
const MOST_AT_ONCE = 10;

const backlog = new Backlog<Hop>(MOST_WAITING);
const loudness = new Loudness();
// A message to itself: after what has come already, but before any timer.
const turn = new MessageChannel();
let isBusy = false;

self.onmessage = async ({ data }: MessageEvent<ListenRequest>) => {
  try {
    const network = await Network.load(data.assets, data.info);
    turn.port1.onmessage = () => hear(network).catch(fail);
    data.inlet.onmessage = ({ data: hop }: MessageEvent<Hop>) => {
      backlog.add(hop);
      wake();
    };
    post({ kind: "ready" });
  } catch (error) {
    fail(error);
  }
};

function wake() {
  if (isBusy) return;
  isBusy = true;
  turn.port2.postMessage(null);
}

async function hear(network: Network) {
  const start = performance.now();
  const hops = backlog.take(MOST_AT_ONCE);
  const levels = hops.map(({ sound }) => loudness.level(sound));
  const heard: Float32Array[] = [];
  for (const { sound } of hops) heard.push(await network.hear(sound));
  const width = heard[0]?.length ?? 0;
  const rows = new Float32Array(heard.length * width);
  heard.forEach((row, index) => {
    rows.set(row, index * width);
  });
  const ends = hops.map(({ end }) => end);
  const milliseconds = performance.now() - start;
  const { numDropped } = backlog;
  const level = Math.max(...levels);
  post({ kind: "heard", rows, ends, level, milliseconds, numDropped }, [rows.buffer]);
  isBusy = false;
  if (!backlog.isEmpty) wake();
}

function fail(error: unknown) {
  post({ kind: "failed", error: error instanceof Error ? error.message : `${error}` });
}

function post(reply: ListenReply, transfer: Transferable[] = []) {
  self.postMessage(reply, { transfer });
}
