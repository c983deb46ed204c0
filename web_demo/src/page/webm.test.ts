import { expect, test } from "vitest";
import { tellDuration } from "./webm";

const SCALE = [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40];
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75, 1, 2, 3];
const head = (info: readonly number[]) => [
  ...[0x1a, 0x45, 0xdf, 0xa3, 0x80],
  ...[0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ...[0x15, 0x49, 0xa9, 0x66, 0x80 | info.length, ...info],
];

const bytesOf = async (blob: Blob) => [...new Uint8Array(await blob.arrayBuffer())];

test("a film says how long it is, and keeps the rest", async () => {
  const film = new Blob([Uint8Array.from([...head(SCALE), ...CLUSTER])]);
  const told = await bytesOf(await tellDuration(film, 2.5));
  const at = told.findIndex((byte, index) => byte === 0x44 && told[index + 1] === 0x89);
  const view = new DataView(Uint8Array.from(told).buffer);
  expect(told[at + 2]).toBe(0x88);
  expect(view.getFloat64(at + 3)).toBe(2500);
  expect(told.slice(at + 11)).toEqual(CLUSTER);
  // The head's size counts what was added: an 8-byte size, then both elements.
  expect(told.slice(21, 29)).toEqual([1, 0, 0, 0, 0, 0, 0, SCALE.length + 11]);
});

test("a film that Firefox says to last no time is told how long it is", async () => {
  const zero = [0x44, 0x89, 0x88, 0, 0, 0, 0, 0, 0, 0, 0];
  const silent = new Blob([Uint8Array.from([...head(SCALE), ...CLUSTER])]);
  const wrong = new Blob([Uint8Array.from([...head([...zero, ...SCALE]), ...CLUSTER])]);
  const told = await bytesOf(await tellDuration(wrong, 2.5));
  expect(told).toEqual(await bytesOf(await tellDuration(silent, 2.5)));
});

test("what says it already, or is no WebM, stays as it is", async () => {
  const known = [...SCALE, 0x44, 0x89, 0x84, 0x45, 0x1c, 0x40, 0];
  for (const bytes of [[...head(known), ...CLUSTER], [1, 2, 3], []]) {
    const film = new Blob([Uint8Array.from(bytes)]);
    expect(await bytesOf(await tellDuration(film, 2.5))).toEqual(bytes);
  }
});
