/** Looks away from the camera and back: eyes first, the head after them. */

import { smoothstep } from "../smoothstep";

/** Right and up in the picture, in radians. */
export type Place = readonly [number, number];

/** Where a look goes. Left is the anchor's own, which is right in the picture. */
const PLACES: Readonly<Record<string, Place>> = {
  left: [0.3, 0],
  right: [-0.3, 0],
  up: [0.04, 0.2],
  down: [0, -0.26],
  camera: [0, 0],
};
export const looks: readonly string[] = Object.keys(PLACES);
// Seconds of a saccade as large as a look, and how long a look lasts; when the head
// follows and how long it turns, how far it goes along.
const SACCADE = 0.07;
const LOOK_SECONDS = 1.5;
const HEAD_LAG = 0.08;
const HEAD_SECONDS = 0.45;
const HEAD_SHARE = 0.45;

interface Look {
  readonly start: number;
  readonly place: Place;
}

export class Looks {
  private looks: Look[] = [];

  /** A look in a direction; it returns, unless it is at the camera already. */
  add(start: number, name: string) {
    const place = PLACES[name];
    if (!place) throw new Error(`Unknown look '${name}'. Known: ${looks.join(", ")}.`);
    this.looks.push({ start, place });
    this.looks.sort((a, b) => a.start - b.start);
  }

  /** Drops looks that would begin later. */
  forget(seconds: number) {
    this.looks = this.looks.filter(({ start }) => start <= seconds);
  }

  at(seconds: number): { gaze: Place; head: Place } {
    const gaze: [number, number] = [0, 0];
    const head: [number, number] = [0, 0];
    let before: Place = [0, 0];
    for (const { start, place } of this.listTurns()) {
      const eyes = smoothstep((seconds - start) / SACCADE);
      const neck = HEAD_SHARE * smoothstep((seconds - start - HEAD_LAG) / HEAD_SECONDS);
      for (const axis of [0, 1] as const) {
        const step = place[axis] - before[axis];
        gaze[axis] += eyes * step;
        head[axis] += neck * step;
      }
      before = place;
    }
    return { gaze, head };
  }

  /** Forgets what is over long ago, which has led back to the camera. */
  dropPast(seconds: number) {
    const last = this.looks.at(-1);
    if (last && last.start + LOOK_SECONDS + 2 * HEAD_SECONDS < seconds) this.looks = [];
  }

  /** Returns to the camera among the looks. */
  private listTurns(): Look[] {
    return this.looks.flatMap((look, index) => {
      const back = look.start + LOOK_SECONDS;
      const next = this.looks[index + 1]?.start ?? Infinity;
      const isAway = look.place.some((angle) => angle !== 0);
      return isAway && back < next ? [look, { start: back, place: [0, 0] }] : [look];
    });
  }
}
