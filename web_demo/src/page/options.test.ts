import { expect, test } from "vitest";
import { addressWith, readOptions } from "./options";

test("an empty address asks for the usual", () => {
  expect(readOptions("")).toEqual({
    backend: null,
    language: null,
    idle: true,
    obs: false,
    mark: true,
    microphone: false,
    camera: false,
    background: null,
  });
});

test("OBS asks for the anchor alone", () => {
  const options = readOptions("?obs=1&mark=0&idle=0&microphone=1&background=green");
  expect(options).toMatchObject({
    obs: true,
    mark: false,
    idle: false,
    microphone: true,
    background: "green",
  });
});

test("one thing is asked for differently, the others stay", () => {
  const address = addressWith("http://here/?idle=0&backend=a", "backend", "b");
  expect(address).toBe("http://here/?idle=0&backend=b");
});
