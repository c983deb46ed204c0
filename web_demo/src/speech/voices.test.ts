import { expect, test } from "vitest";
import { chooseName, chooseVoice, type Engine, findPace, type Voice } from "./voices";

function makeVoice(engine: Engine): Voice {
  return { engine, names: [], role: "mouth", speak: async function* () {} };
}

test("the first voice is the best, unless an engine is asked for", () => {
  const voices = [makeVoice("server"), makeVoice("browser")];
  expect(chooseVoice(voices).engine).toBe("server");
  expect(chooseVoice(voices, "browser").engine).toBe("browser");
});

test.each([
  [undefined, /no voice here.*--install-espeak/s],
  ["espeak", /--install-espeak/],
  ["server", /pip install "keras-anchor\[speech\]"/],
  ["browser", /no voices of its own/],
  ["phone", /Unknown engine `phone`.*espeak/],
])("without a voice, asking for %s says what to do", (engine, sentence) => {
  expect(() => chooseVoice([], engine)).toThrow(sentence);
});

test("a name is found within its engine, or refused with those there are", () => {
  const names = [
    { name: "en", label: "English", engine: "espeak" },
    { name: "en", label: "English, natural", engine: "kokoro" },
  ];
  expect(chooseName(names, {})).toBe(names[0]);
  expect(chooseName(names, { voice: "en", engine: "kokoro" })).toBe(names[1]);
  expect(() => chooseName(names, { voice: "fr" })).toThrow(/no voice `fr`.*Known: en/);
});

test("an excited voice is faster than a sad one, unless a pace is asked for", () => {
  expect(findPace({})).toBe(1);
  expect(findPace({ mood: "excited" })).toBeGreaterThan(findPace({ mood: "sad" }));
  expect(findPace({ mood: "sad", pace: 1.2 })).toBe(1.2);
  expect(() => findPace({ mood: "hungry" })).toThrow(/Unknown mood/);
});
