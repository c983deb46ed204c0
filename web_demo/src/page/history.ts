/** What was shown lately, as a performance. */

import type { Values } from "../controls";
import type { Performance } from "../performance";
import { Complaint } from "./words";

const KEPT_SECONDS = 120;

interface Moment {
  readonly seconds: number;
  readonly values: Values;
}

export class History {
  private moments: Moment[] = [];

  /** Keeps what is shown from `seconds` on; the same values twice are kept once. */
  note(seconds: number, values: Values) {
    if (this.moments.at(-1)?.values === values) return;
    this.moments.push({ seconds, values: values });
    const first = this.moments.findIndex((one) => one.seconds > seconds - KEPT_SECONDS);
    // One moment before those kept says what was shown at first.
    if (first > 1) this.moments.splice(0, first - 1);
  }

  /** The seconds before `now`, at `fps`; throws where nothing was shown yet. */
  take(now: number, seconds: number, fps: number): Performance {
    const first = this.moments[0];
    if (!first) throw new Complaint("nothing_shown");
    const names = Object.keys(first.values);
    const kept = Math.min(seconds, now - first.seconds);
    const numFrames = Math.max(Math.round(kept * fps), 1);
    const controls = Array.from({ length: numFrames }, (_, index) => {
      const values = this.at(now - (numFrames - index - 0.5) / fps);
      return names.map((name) => values[name] ?? 0);
    });
    return { fps, names, controls };
  }

  /** What was shown at a time. */
  private at(seconds: number): Values {
    const shown = this.moments.filter((one) => one.seconds <= seconds);
    return (shown.at(-1) ?? this.moments[0])?.values ?? {};
  }
}
