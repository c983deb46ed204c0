/** Plays what a voice says without gaps, and moves the lips with what is heard. */

import type { Values } from "../controls";
import { Failure } from "../failures";
import { AudioClock } from "./audio_clock";
import { type Envelope, measureEnvelope } from "./beats";
import { Playback } from "./playback";
import type { Phoneme } from "./visemes";
import type { SpeechOptions, Utterance, Voice } from "./voices";

/** Seconds of sound that are made ahead. */
const AHEAD = 8;
/** Seconds by which lips may be early or late before they are set right. */
const TOLERANCE = 0.005;
/** Milliseconds between two looks at that. */
const INTERVAL = 100;
/** Seconds for which a performance that was stopped is held, for a mixer to fade. */
const HELD = 0.5;
/** Milliseconds after which a browser that keeps sound off is not waited for. */
const PATIENCE = 1000;

/** What moves the lips: `Speaking` of `performing.ts`. */
export interface Lips {
  /** From `start` on; said again, with another start, it is set right. */
  speak(said: Said, start: number): unknown;
  hush(seconds?: number): void;
}

interface Said {
  readonly phonemes: readonly Phoneme[];
  readonly text: string;
  /** How loud it is, which is where a speaker nods; guessed where nobody hears it. */
  readonly envelope?: Envelope;
}

export interface SpeakerEvents {
  /** A sentence is heard from that time on, by `performance.now() / 1000`. */
  onSentence?(text: string, seconds: number): void;
}

/**
 * Speaks one text after the other.
 *
 * Voices of the role `mouth` move `lips`; for those of the role `all` give `source` to
 * a mixer while they speak.
 */
export class Speaker {
  private readonly clock: AudioClock;
  private playback: Playback | null = null;
  private held: { values: Values; until: number } | null = null;

  constructor(
    private readonly context: AudioContext,
    private readonly destination: AudioNode,
    private readonly lips: Lips,
  ) {
    this.clock = new AudioClock(context);
  }

  /** Until all has been heard, or `stop`; whoever spoke before falls silent. */
  async speak(
    voice: Voice,
    text: string,
    options: SpeechOptions = {},
    events: SpeakerEvents = {},
  ): Promise<void> {
    this.stop();
    const playback = new Playback(this.context, this.destination, this.clock);
    this.playback = playback;
    const { signal } = playback;
    const timer = setInterval(() => this.follow(playback), INTERVAL);
    try {
      const utterances = voice.speak(text, options, signal);
      // While the voice makes its first sentence.
      const isAudible = wake(this.context);
      isAudible.catch(() => {});
      for await (const utterance of utterances) {
        await isAudible;
        if (signal.aborted) return;
        await this.say(playback, utterance, events);
        await playback.waitUntilLeft(AHEAD);
      }
      await playback.waitUntilLeft(0);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      clearInterval(timer);
      if (this.playback === playback) this.stop();
    }
  }

  /** Whoever speaks falls silent, and the mouth shuts. */
  stop() {
    if (!this.playback) return;
    const seconds = performance.now() / 1000;
    const values = this.playback.show(seconds);
    this.held = values && { values, until: seconds + HELD };
    this.playback.stop();
    this.playback = null;
    this.lips.hush(seconds);
  }

  /** What a voice of the role `all` shows at a time, for a mixer. */
  readonly source = (seconds: number): Values | null => {
    const shown = this.playback?.show(seconds);
    if (shown) return shown;
    return this.held && seconds < this.held.until ? this.held.values : null;
  };

  private async say(
    playback: Playback,
    utterance: Utterance,
    { onSentence }: SpeakerEvents,
  ) {
    const { text, aloud, phonemes, performance } = utterance;
    if (aloud) {
      await aloud.play(playback.signal, (timed, start, isFirst) => {
        this.lips.speak({ phonemes: timed, text }, start);
        if (isFirst) onSentence?.(text, start);
      });
      return;
    }
    const begin = playback.add(utterance);
    const start = this.clock.heardAt(begin);
    if (performance) playback.perform(performance, begin);
    else if (phonemes) {
      const envelope = measureEnvelope(utterance.sound, utterance.sampleRate);
      playback.sayings.push({ phonemes, text, envelope, begin, start: -1 });
    }
    this.follow(playback);
    onSentence?.(text, start);
  }

  /** Tells the lips when what is scheduled will be heard, if that changed. */
  private follow(playback: Playback) {
    if (playback.signal.aborted) return;
    playback.forget();
    const { sayings } = playback;
    const first = sayings.findIndex(({ begin, start }) => {
      return Math.abs(this.clock.heardAt(begin) - start) > TOLERANCE;
    });
    // Whatever comes after it would be cut off by it.
    for (const saying of first < 0 ? [] : sayings.slice(first)) {
      saying.start = this.clock.heardAt(saying.begin);
      this.lips.speak(saying, saying.start);
    }
  }
}

/** Starts sound, which browsers refuse until somebody has touched the page. */
async function wake(context: AudioContext) {
  if (context.state === "running") return;
  const isRunning = await Promise.race([
    context.resume().then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE)),
  ]);
  if (!isRunning) throw new Failure("speech_needs_click");
}
