import { expect, test } from "vitest";
import { tellKind } from "./kinds";

const file = (name: string, content: string | Uint8Array<ArrayBuffer>) =>
  new File([content], name);

test.each([
  ["talk.wav", "RIFF\x24\0\0\0WAVEfmt ", "sound"],
  ["talk", "OggS\0\x02", "sound"],
  ["adam.anchor", "PK\x03\x04\x14\0", "anchor"],
  ["take.csv", "jawOpen,headYaw\r\n0.5,0.1\r\n", "performance"],
  ["take", "jawOpen,headYaw\n0.5,0.1\n", "performance"],
  ["news.txt", "大家好。\nGood evening.", "script"],
])("%s is known by what it holds", async (name, content, kind) => {
  expect(await tellKind(file(name, content))).toBe(kind);
});

test.each([
  ["\x89PNG\r\n\x1a\n", "picture"],
  ["\xff\xd8\xff\xe0", "picture"],
  ["\xff\xfb\x90\x64", "sound"],
])("bytes tell a nameless file", async (bytes, kind) => {
  const content = Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
  expect(await tellKind(file("nameless", content))).toBe(kind);
});

test("a wave picture is a picture, not a sound", async () => {
  expect(await tellKind(file("photo", "RIFF\x24\0\0\0WEBPVP8 "))).toBe("picture");
});

test("a name that lies is told", async () => {
  const lie = tellKind(file("song.wav", "PK\x03\x04"));
  await expect(lie).rejects.toThrow(/named like a sound, and holds an anchor/);
});

test("what nothing can use is told with what can be", async () => {
  const noise = file("a.bin", Uint8Array.of(0, 1, 2, 255));
  await expect(tellKind(noise)).rejects.toThrow(/a\.bin.*Expected a sound/);
  await expect(tellKind(file("a.txt", ""))).rejects.toThrow(/empty/);
});
