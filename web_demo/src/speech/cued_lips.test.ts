import { expect, test } from "vitest";
import { CuedLips } from "./cued_lips";
import type { Speaking } from "./performing";
import type { Cue } from "./person";

function listen() {
  const heard: (readonly Cue[])[] = [];
  const speaking = {
    speak: (_said: unknown, _start: number, cues: readonly Cue[]) => heard.push(cues),
    hush: () => {},
  };
  return { heard, lips: new CuedLips(speaking as unknown as Speaking) };
}

const say = (text: string, seconds: number) => ({
  text,
  phonemes: [{ symbol: "a", start: 0, end: seconds }],
});
const nod = (offset: number) => ({ offset, kind: "nod", value: "" });

test("a cue comes with its sentence, by its place in it", () => {
  const { heard, lips } = listen();
  lips.take("One. Two of them.", [nod(0), nod(9), nod(17)]);
  lips.speak(say("One.", 1), 10);
  lips.speak(say("Two of them.", 3), 11);
  expect(heard[0]).toEqual([{ seconds: 0, kind: "nod", value: "" }]);
  expect(heard[1]?.map(({ seconds }) => seconds)).toEqual([1, 3]);
});

test("a sentence that is set right keeps its place, the same one again gets its own", () => {
  const { heard, lips } = listen();
  lips.take("Go. Go.", [nod(4)]);
  const first = say("Go.", 1);
  lips.speak(first, 10);
  lips.speak(first, 10.2);
  lips.speak(say("Go.", 1), 11);
  expect(heard.map((cues) => cues.length)).toEqual([0, 0, 1]);
});
