/** What a viewer can meet, as a code with values, so that a page can say it otherwise. */

import { SENTENCES } from "./failure_sentences";

export type Code = keyof typeof SENTENCES;
type Value = string | number | Sentence;

export interface Sentence {
  readonly code: Code;
  readonly values: Readonly<Record<string, Value>>;
}

type BlanksOf<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | BlanksOf<Rest>
  : never;
/** A value for each blank of a sentence; nothing where it has none. */
type Given<C extends Code> = [BlanksOf<(typeof SENTENCES)[C]>] extends [never]
  ? []
  : [values: Readonly<Record<BlanksOf<(typeof SENTENCES)[C]>, Value>>];

/** An error whose message is English; `code` and `values` stay when the words change. */
export class Failure<C extends Code = Code> extends Error implements Sentence {
  readonly values: Sentence["values"];

  constructor(
    readonly code: C,
    ...[values]: Given<C>
  ) {
    super(write({ code, values: values ?? {} }));
    this.values = values ?? {};
  }
}

/** A part of another sentence. */
export function part<C extends Code>(code: C, ...[values]: Given<C>): Sentence {
  return { code, values: values ?? {} };
}

/** What an error tells: a part of another one, or what a worker sends. */
export function told(error: unknown): string | Sentence {
  if (error instanceof Failure) return { code: error.code, values: error.values };
  return error instanceof Error ? error.message : String(error);
}

/** The error of what was told. */
export function revive(reason: string | Sentence): Error {
  if (typeof reason === "string") return new Error(reason);
  return new Failure(reason.code, reason.values as Given<Code>[0]);
}

/** A sentence with its blanks filled. */
export function write(
  { code, values }: Sentence,
  sentences: Readonly<Record<Code, string>> = SENTENCES,
): string {
  return sentences[code].replace(/\{(\w+)\}/g, (blank, name) => {
    const value = values[name];
    if (value === undefined) return blank;
    return typeof value === "object" ? write(value, sentences) : String(value);
  });
}
