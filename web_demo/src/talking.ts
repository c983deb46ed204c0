/** Typed text to a voice, its mouth and its gestures; loaded when first asked for. */

import type { Control } from "./controls";
import type { Mixer } from "./mixer";
import type { Sound } from "./sound";
import { CuedLips } from "./speech/cued_lips";
import { Speaking } from "./speech/performing";
import { type Part, parseScript } from "./speech/script";
import { Speaker } from "./speech/speaker";
import { chooseVoice, findVoices, type Voice } from "./speech/voices";
import type { SpeakOptions } from "./virtual_anchor";
import { waitFor } from "./waiting";

export class Talking {
  /** What there is to choose from, the best first; asked once. */
  readonly voices: Promise<readonly Voice[]>;

  constructor(
    private readonly controls: readonly Control[],
    private readonly mixer: Mixer,
    private readonly sound: Sound,
    assets: string,
  ) {
    this.voices = findVoices(assets);
  }

  /** Until it has been heard, or aborted. */
  async speak(text: string, options: SpeakOptions, signal: AbortSignal): Promise<void> {
    const { mood = "neutral", voice = null } = options;
    await this.say([{ text, mood, voice, pauseAfter: 0, cues: [] }], options, signal);
  }

  /** The same for a script, its cues and pauses. */
  async perform(
    script: string,
    options: SpeakOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const { names } = chooseVoice(await this.voices, options.engine);
    const voices = names.map(({ name }) => name);
    await this.say(parseScript(script, { voices }), options, signal);
  }

  private async say(
    parts: readonly Part[],
    { engine, model, openness, voice: usual }: SpeakOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const voice = chooseVoice(await this.voices, engine);
    if (signal.aborted) return;
    const speaking = new Speaking(this.controls, { mood: parts[0]?.mood, openness });
    const lips = new CuedLips(speaking);
    const speaker = new Speaker(this.sound.context, this.sound.bus, lips);
    signal.addEventListener("abort", () => speaker.stop(), { once: true });
    const removals = this.join(voice, speaker, speaking);
    const events = { onSentence: measureFirst(performance.now()) };
    try {
      for (const { text, mood, voice: name, pauseAfter, cues } of parts) {
        lips.take(text, cues);
        speaking.feel(mood);
        const asked = { voice: name ?? usual, engine: model, mood, openness, cues };
        if (text.trim()) await speaker.speak(voice, text, asked, events);
        if (pauseAfter) await waitFor(pauseAfter, signal);
        if (signal.aborted) return;
      }
    } finally {
      for (const remove of removals) remove();
    }
  }

  async dispose() {
    for (const voice of await this.voices) await voice.dispose?.();
  }

  private join({ role }: Voice, speaker: Speaker, speaking: Speaking) {
    // Such a voice performs everything, gestures too.
    if (role === "all") return [this.mixer.add(speaker.source, role)];
    return [
      // It eases in by itself.
      this.mixer.add(speaking.mouth, "mouth", 0.05),
      this.mixer.add(speaking.person, "offset"),
    ];
  }
}

/** Tells the browser's tools how long the first sound was waited for. */
function measureFirst(start: number) {
  let isFirst = true;
  return (_text: string, seconds: number) => {
    if (isFirst) performance.measure("first sound", { start, end: 1000 * seconds });
    isFirst = false;
  };
}
