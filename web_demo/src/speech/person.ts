/**
 * A speaker's mood and gestures: nods, brows that rise on stresses, looks.
 *
 * All of it comes on top of the idle driver, which blinks, breathes, sways and shows the
 * face of the first mood; add it to a mixer as an offset.
 */

import type { Control, Values } from "../controls";
import { smoothstep } from "../smoothstep";
import {
  type Envelope,
  findBeats,
  guessEnvelope,
  measureEnergy,
  readEnvelope,
} from "./beats";
import { buildRandom } from "./curves";
import { Drift, Gestures } from "./gestures";
import { Looks } from "./looks";
import { findExpression, MoodTimeline, moods } from "./moods";
import type { Phoneme } from "./visemes";

/** What is said. */
export interface Said {
  readonly phonemes: readonly Phoneme[];
  /** Of the voice; without it, phonemes say how loud it is. */
  readonly envelope?: Envelope;
  /** Questions raise brows. */
  readonly text?: string;
}

/** Something to do, in seconds from the start of the speech. */
export interface Cue {
  readonly seconds: number;
  /** `mood`, `look` or `nod`. */
  readonly kind: string;
  readonly value: string;
}

interface Voice {
  readonly start: number;
  readonly end: number;
  readonly energy: Envelope;
}

// Largest angles in radians, and how far a lively voice stirs the head.
const HEAD_LIMITS = { headYaw: 0.1, headPitch: 0.06, headRoll: 0.04 };
const STIR = { headYaw: 0.0135, headPitch: 0.006, headRoll: 0.0054 };
const STIR_HERTZ: readonly [number, number] = [0.4, 1.1];
// Radians of a nod on a stress, at the end of a phrase, and of one that was asked for.
const BEAT_NOD = 0.026;
const PHRASE_NOD = 0.02;
const CUED_NOD = 0.075;
// Seconds after which gestures are over, in which a voice stirs the head, lets it go.
const OVER = 3;
const RISING = 0.2;
const DYING = 0.4;
// How far the eyes turn at a gaze control of 1, in radians, and at most.
const GAZE_RANGE = 0.35;
const LOOK_LIMIT = 0.8;
const QUESTION = /[?？]["'”’」』)）]*\s*$/;

export class Person {
  private readonly random: () => number;
  private readonly known: ReadonlySet<string>;
  private readonly usual: Values;
  private readonly moods: MoodTimeline;
  private readonly looks = new Looks();
  private readonly drifts: readonly (readonly [keyof typeof STIR, Drift])[];
  private readonly nods = new Gestures();
  private readonly asked = new Gestures();
  private readonly raises = new Gestures();
  private voices: Voice[] = [];

  constructor(controls: readonly Control[], mood = moods[0] ?? "", seed = 0) {
    this.random = buildRandom(seed);
    this.known = new Set(controls.map(({ name }) => name));
    this.usual = findExpression(moods[0] ?? "", this.known);
    this.moods = new MoodTimeline(controls, mood);
    const names = Object.keys(STIR) as (keyof typeof STIR)[];
    this.drifts = names.map((name) => [name, new Drift(this.random, STIR_HERTZ)]);
  }

  /** How far the mood opens the mouth at a time. */
  openness(seconds: number): number {
    return this.moods.number(seconds, ({ openness }) => openness);
  }

  /** Takes part in a speech that starts at `start`, with what happens after `from`. */
  hear({ phonemes, envelope, text = "" }: Said, start: number, from = start) {
    const loudness = envelope ?? guessEnvelope(phonemes);
    const { stresses, pauses } = findBeats(phonemes, loudness);
    for (const seconds of stresses.map((beat) => start + beat)) {
      const strength = 0.4 + 0.6 * this.random();
      const rise = strength * this.moods.number(seconds, ({ brow_rise }) => brow_rise);
      const share = this.moods.number(seconds, ({ brow_share }) => brow_share);
      const isRaised = this.random() < share;
      // What would have begun already would jump.
      if (seconds - RISING < from) continue;
      this.nods.add(seconds + 0.04, 0.16, 0.3, BEAT_NOD * strength);
      if (isRaised) this.raises.add(seconds - 0.04, 0.16, 0.42, rise);
    }
    for (const seconds of pauses.map((pause) => start + pause)) {
      const size = PHRASE_NOD * (0.5 + 0.5 * this.random());
      if (seconds - 0.35 >= from) this.nods.add(seconds, 0.35, 0.6, size);
    }
    const spoken = phonemes.filter(({ symbol }) => symbol);
    const last = start + (spoken.at(-1)?.end ?? -Infinity);
    if (last - 0.4 >= from && QUESTION.test(text)) {
      const rise = this.moods.number(last, ({ brow_rise }) => brow_rise);
      this.raises.add(last - 0.1, 0.3, 0.7, 0.9 * rise);
    }
    const end = start + loudness.values.length / loudness.fps;
    this.voices.push({ start, end, energy: measureEnergy(loudness) });
  }

  /** Does what cues ask, which count from `start`. */
  follow(cues: readonly Cue[], start: number) {
    for (const { seconds, kind, value } of cues) {
      const time = start + seconds;
      if (kind === "mood") this.moods.change(time, value);
      else if (kind === "look") this.looks.add(time, value);
      else if (kind === "nod") this.asked.add(time + 0.25, 0.25, 0.45, CUED_NOD);
      else throw new Error(`Unknown cue '${kind}'. Known: mood, look, nod.`);
    }
  }

  /** Drops what would begin later; what has begun is brought to its end. */
  forget(seconds: number) {
    for (const gestures of [this.nods, this.asked, this.raises]) {
      gestures.forget(seconds);
    }
    this.voices = this.voices
      .filter(({ start }) => start < seconds)
      .map((voice) => ({ ...voice, end: Math.min(voice.end, seconds) }));
    this.looks.forget(seconds);
    this.moods.forget(seconds);
  }

  /** How far everything is from an anchor at rest in the usual mood. */
  at(seconds: number): Values {
    this.dropPast(seconds);
    const values = this.moods.expression(seconds);
    for (const [name, value] of Object.entries(this.usual)) {
      values[name] = (values[name] ?? 0) - value;
    }
    const add = (name: string, value: number) => {
      if (this.known.has(name) && value) values[name] = (values[name] ?? 0) + value;
    };
    this.moveHead(seconds, add);
    this.moveBrows(seconds, values, add);
    this.turnEyes(seconds, values, add);
    return values;
  }

  private moveHead(seconds: number, add: (name: string, value: number) => void) {
    const stir = this.voice(seconds) * this.moods.number(seconds, ({ sway }) => sway);
    const down = this.nods.at(seconds) * this.moods.number(seconds, ({ nod }) => nod);
    for (const [name, drift] of this.drifts) {
      const moved = stir * STIR[name] * drift.at(seconds);
      const limit = HEAD_LIMITS[name];
      const angle = name === "headPitch" ? moved - down : moved;
      add(name, limit * Math.tanh(angle / limit));
    }
    const [yaw, pitch] = this.looks.at(seconds).head;
    add("headPitch", pitch - this.asked.at(seconds));
    add("headYaw", yaw);
  }

  private moveBrows(
    seconds: number,
    values: Record<string, number>,
    add: (name: string, value: number) => void,
  ) {
    const raised = Math.min(this.raises.at(seconds), 0.5);
    add("browInnerUp", 0.8 * raised);
    add("browOuterUpLeft", 0.75 * raised);
    add("browOuterUpRight", 0.65 * raised);
    // Brows that go up are no longer drawn down.
    const ease = Math.min(2 * raised, 0.7);
    for (const name of ["browDownLeft", "browDownRight"]) {
      add(name, -ease * (values[name] ?? 0));
    }
  }

  /** Eyes stay on the camera while the head turns (vestibulo-ocular reflex). */
  private turnEyes(
    seconds: number,
    values: Values,
    add: (name: string, value: number) => void,
  ) {
    const [right, up] = this.looks.at(seconds).gaze;
    const limit = (angle: number) =>
      Math.min(Math.max(angle / GAZE_RANGE, -LOOK_LIMIT), LOOK_LIMIT);
    const aside = limit(right - (values.headYaw ?? 0));
    const above = limit(up - (values.headPitch ?? 0));
    // The anchor's left is the picture's right.
    add(aside > 0 ? "eyeLookOutLeft" : "eyeLookInLeft", Math.abs(aside));
    add(aside > 0 ? "eyeLookInRight" : "eyeLookOutRight", Math.abs(aside));
    for (const side of ["Left", "Right"]) {
      add(`eyeLook${above > 0 ? "Up" : "Down"}${side}`, Math.abs(above));
      // A lid rests on the eye: it sinks with a glance down.
      add(`eye${above > 0 ? "Wide" : "Blink"}${side}`, 0.3 * Math.abs(above));
    }
  }

  /** How lively the voice is, 0 to 1. */
  private voice(seconds: number): number {
    return this.voices.reduce((most, { start, end, energy }) => {
      const rise = smoothstep((seconds - start) / RISING);
      const fall = 1 - smoothstep((seconds - end) / DYING);
      return Math.max(most, readEnvelope(energy, seconds - start) * rise * fall);
    }, 0);
  }

  private dropPast(seconds: number) {
    const past = seconds - OVER;
    for (const gestures of [this.nods, this.asked, this.raises]) {
      gestures.dropPast(past);
    }
    this.voices = this.voices.filter(({ end }) => end > past);
    this.looks.dropPast(past);
    this.moods.dropPast(past);
  }
}
