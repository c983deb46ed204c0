/**
 * Reads a script: paragraphs of plain text with cues in square brackets.
 *
 * The format and its errors are those of `keras_anchor/script/parse.py`; change both.
 */

import { Failure, part, type Sentence, told } from "../failures";
import { type CueValue, KINDS } from "./cue_values";
import { findClose, quote } from "./spelling";

/** What is asked for before the character at `offset` of a paragraph's text. */
export interface TextCue {
  readonly offset: number;
  readonly kind: string;
  readonly value: CueValue;
  readonly line: number;
}

/** Text to be spoken, the cues in it, and what held before. */
export interface Paragraph {
  readonly text: string;
  readonly cues: readonly TextCue[];
  readonly mood: string;
  readonly voice: string | null;
  readonly line: number;
}

interface Block {
  text: string;
  cues: TextCue[];
  readonly line: number;
}

export interface ScriptOptions {
  /** What errors call it. */
  readonly name?: string | Sentence;
  /** Voices that it may name; by default any. */
  readonly voices?: readonly string[];
}

const COMMENT = "//";
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
const CHAPTER_LINE = /^\s*#+\s+(?<title>.*\S)\s*$/;
const TOKEN = /\\[[\]\\#/]|\[(?<cue>[^[\]]*)\]|[[\]]/g;
// Brackets that a Chinese keyboard types.
const WIDE_CUE = /[［【〔]\s*(?<name>[a-z-]+)[^］】〕]*[］】〕]?/gi;
// Written without spaces, so that lines are joined without one.
const WIDE_LAST = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]$/;
const WIDE_FIRST = /^\s*[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]/;

/**
 * Parses a script: blank lines divide paragraphs, `# Title` begins a chapter, a line
 * that starts with `//` is skipped, `\[` is a bracket.
 *
 * Throws an error that names line and column, what was found, and what is known.
 */
export function parseParagraphs(
  script: string,
  { name = part("the_script"), voices }: ScriptOptions = {},
): Paragraph[] {
  const blocks = readBlocks(script.normalize("NFC"), name, voices ?? null);
  const paragraphs: { -readonly [Key in keyof Paragraph]: Paragraph[Key] }[] = [];
  let waiting: readonly TextCue[] = [];
  let [mood, voice]: [string, string | null] = ["neutral", null];
  for (const { text, line, cues: own } of blocks) {
    const cues = [...waiting.map((cue) => ({ ...cue, offset: 0 })), ...own];
    if (!text && !cues.some(({ kind }) => kind === "pause")) {
      waiting = cues;
      continue;
    }
    paragraphs.push({ text, cues, mood, voice, line });
    for (const { kind, value } of cues) {
      if (kind === "mood") mood = String(value);
      if (kind === "voice") voice = value === null ? null : String(value);
    }
    waiting = [];
  }
  const last = paragraphs.at(-1);
  if (!last || !paragraphs.some(({ text }) => isSpoken(text))) {
    const found = blocks.map(({ text }) => text).join(" ");
    const start = [...found.trim()].slice(0, 40).join("");
    if (!start) throw new Failure("script_without_text", { name });
    throw new Failure("script_without_letters", { name, text: quote(start) });
  }
  const chapter = waiting.find(({ kind }) => kind === "chapter");
  if (chapter) {
    const [line, title] = [chapter.line, quote(String(chapter.value))];
    throw new Failure("chapter_empty", { name, line, title });
  }
  const offset = last.text.length;
  last.cues = [...last.cues, ...waiting.map((cue) => ({ ...cue, offset }))];
  return paragraphs;
}

/** Whether text holds a letter or digit. */
export function isSpoken(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** Splits by blank lines and chapters. */
function readBlocks(
  script: string,
  name: string | Sentence,
  voices: readonly string[] | null,
) {
  const blocks: Block[] = [];
  let block: Block | null = null;
  for (const [index, line] of script.split(LINE_END).entries()) {
    const number = index + 1;
    const title = CHAPTER_LINE.exec(line)?.groups?.title;
    if (title !== undefined || !line.trim()) block = null;
    if (title !== undefined) {
      const cue = { offset: 0, kind: "chapter", value: title, line: number };
      blocks.push({ text: "", cues: [cue], line: number });
    } else if (line.trim() && !line.trimStart().startsWith(COMMENT)) {
      if (!block) {
        block = { text: "", cues: [], line: number };
        blocks.push(block);
      }
      readLine(block, line, number, name, voices);
    }
  }
  return blocks.map(({ text, cues, line }) => {
    const kept = text.trimEnd();
    const offset = (cue: TextCue) => Math.min(cue.offset, kept.length);
    return {
      text: kept,
      cues: cues.map((cue) => ({ ...cue, offset: offset(cue) })),
      line,
    };
  });
}

/** Adds a line's text and cues to a paragraph. */
function readLine(
  block: Block,
  line: string,
  number: number,
  name: string | Sentence,
  voices: readonly string[] | null,
) {
  const place = (index: number) => {
    const column = [...line.slice(0, index)].length + 1;
    return part("script_place", { name, line: number, column });
  };
  checkBrackets(line, place);
  if (block.text && !(WIDE_LAST.test(block.text) && WIDE_FIRST.test(line))) {
    addText(block, " ");
  }
  let position = line.length - line.trimStart().length;
  let text = "";
  for (const token of line.matchAll(TOKEN)) {
    text += line.slice(position, token.index);
    position = token.index + token[0].length;
    const cue = token.groups?.cue;
    if (cue !== undefined) {
      addText(block, text);
      text = "";
      const [kind, value] = readCue(cue, place(token.index), voices);
      block.cues.push({ offset: block.text.length, kind, value, line: number });
    } else if (token[0].startsWith("\\")) {
      text += token[0].slice(1);
    } else {
      const isOpen = token[0] === "[";
      throw new Failure(isOpen ? "bracket_unclosed" : "bracket_unopened", {
        place: place(token.index),
      });
    }
  }
  addText(block, text + line.slice(position).trimEnd());
}

/** Throws an error for a cue in brackets of another keyboard. */
function checkBrackets(line: string, place: (index: number) => Sentence) {
  for (const match of line.matchAll(WIDE_CUE)) {
    const name = match.groups?.name?.toLowerCase() ?? "";
    if (name in KINDS) {
      const found = quote(match[0]);
      throw new Failure("bracket_wide", { place: place(match.index), found, name });
    }
  }
}

/** Adds text; white space around a cue, or doubled, becomes one space. */
function addText(block: Block, text: string) {
  const single = text.replace(/\s+/g, " ");
  const isApart = !block.text || block.text.endsWith(" ");
  block.text += isApart ? single.trimStart() : single;
}

/** What stands between two brackets: its kind and value. */
function readCue(
  text: string,
  place: Sentence,
  voices: readonly string[] | null,
): [string, CueValue] {
  const words = text.trim();
  if (!words) throw new Failure("cue_empty", { place, known: describeKnown() });
  const [first = "", ...rest] = words.split(/(?<=^\S+)\s+/);
  const kind = KINDS[first.toLowerCase()];
  if (!kind) {
    const close = findClose(first.toLowerCase(), Object.keys(KINDS), 0.6);
    const nearest = `[${[close, ...rest].join(" ")}]`;
    const hint = close ? part("did_you_mean", { close: nearest }) : "";
    throw new Failure("cue_unknown", { place, text, hint, known: describeKnown() });
  }
  try {
    return [first.toLowerCase(), kind.check(rest.join(" "), voices)];
  } catch (error) {
    throw new Failure("cue_wrong", { place, text, reason: told(error) });
  }
}

function describeKnown(): Sentence {
  const known = Object.values(KINDS).map(({ example }) => `\`[${example}]\``);
  return part("cues_known", { known: known.join(", ") });
}
