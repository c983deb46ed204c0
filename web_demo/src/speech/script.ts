/** A script as a list of things to say, each in one voice and without a pause. */

import {
  isSpoken,
  type Paragraph,
  parseParagraphs,
  type ScriptOptions,
  type TextCue,
} from "./paragraphs";

/** Something to do before the character at `offset`. */
export interface PartCue {
  readonly offset: number;
  /** `mood`, `look` or `nod`. */
  readonly kind: string;
  readonly value: string;
}

export interface Part {
  /** Empty for a pause before anything is said. */
  readonly text: string;
  /** When it begins. */
  readonly mood: string;
  /** Null for the usual one. */
  readonly voice: string | null;
  /** Seconds of silence. */
  readonly pauseAfter: number;
  readonly cues: readonly PartCue[];
}

type Draft = { -readonly [Key in keyof Part]: Part[Key] };

// Seconds of silence before and after a paragraph, after a sentence, and where only the
// voice changes.
const BEFORE = 0.3;
const AFTER = 0.4;
const SENTENCE = 0.4;
const CHANGE = 0.15;
const SENTENCE_END = /[。！？.!?…]\s*$/;
const ACTED = ["mood", "look", "nod"];

/** Parses a script; see `parseParagraphs`, also for what it throws. */
export function parseScript(script: string, options: ScriptOptions = {}): Part[] {
  const parts: Draft[] = [];
  for (const paragraph of parseParagraphs(script, options)) {
    if (parts.length) addPause(parts, BEFORE, paragraph);
    const own: Draft[] = [];
    addParagraph(own, parts, paragraph);
    parts.push(...own);
    addPause(parts, AFTER, paragraph);
  }
  return parts;
}

function addParagraph(own: Draft[], before: Draft[], paragraph: Paragraph) {
  const { text, cues } = paragraph;
  const breaks = cues.filter(({ kind }) => kind === "pause" || kind === "voice");
  const edges = [...new Set([0, ...breaks.map(({ offset }) => offset), text.length])];
  edges.sort((a, b) => a - b);
  let { voice } = paragraph;
  let isAsked = false;
  let taken = 0;
  for (const [index, start] of edges.entries()) {
    for (const { offset, kind, value } of breaks) {
      if (offset !== start) continue;
      if (kind === "voice") voice = value === null ? null : String(value);
      else {
        const last = own.at(-1);
        // A pause that is asked for comes instead of the natural one.
        if (last && !isAsked) last.pauseAfter = 0;
        isAsked = true;
        addPause(own.length ? own : before, Number(value), paragraph);
      }
    }
    const end = edges[index + 1];
    if (end === undefined || !isSpoken(text.slice(start, end))) continue;
    const inside = cues.filter(({ offset }) => offset >= taken && offset < end);
    own.push(cutPart(paragraph, inside, start, end, voice));
    isAsked = false;
    taken = end;
  }
  const last = own.at(-1);
  if (!last) return;
  if (!isAsked) last.pauseAfter = 0;
  const left = cues.filter(({ offset }) => offset >= taken);
  last.cues = [...last.cues, ...moveCues(left, text.length - last.text.length)];
}

/** What one voice says from `start` to `end`, and the cues that fall in it. */
function cutPart(
  { text, cues, mood }: Paragraph,
  inside: readonly TextCue[],
  start: number,
  end: number,
  voice: string | null,
): Draft {
  const said = text.slice(start, end).trim();
  const first = text.indexOf(said, start);
  const moods = cues.filter(({ kind, offset }) => kind === "mood" && offset <= first);
  return {
    text: said,
    mood: String(moods.at(-1)?.value ?? mood),
    voice,
    pauseAfter: SENTENCE_END.test(said) ? SENTENCE : CHANGE,
    cues: moveCues(
      inside.filter(({ kind, offset }) => kind !== "mood" || offset > first),
      first,
    ),
  };
}

function moveCues(cues: readonly TextCue[], offset: number): PartCue[] {
  return cues
    .filter(({ kind }) => ACTED.includes(kind))
    .map((cue) => ({
      offset: Math.max(0, cue.offset - offset),
      kind: cue.kind,
      value: String(cue.value),
    }));
}

/** Lengthens the silence after the last part; there is one where there is none yet. */
function addPause(parts: Draft[], seconds: number, { mood, voice }: Paragraph) {
  const last = parts.at(-1);
  if (last) last.pauseAfter += seconds;
  else parts.push({ text: "", mood, voice, pauseAfter: seconds, cues: [] });
}
