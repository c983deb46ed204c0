import { expect, test } from "vitest";
import type { Anchor } from "../anchor";
import { recall, remember } from "./choice";

const small = { size: 256 } as Anchor;
const large = { size: 512 } as Anchor;

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test("what was fastest is known the next time, for that size", () => {
  const kept = storage();
  remember(small, "tfjs-webgl", kept);
  expect(recall(small, ["litert", "tfjs-webgl"], kept)).toBe("tfjs-webgl");
  expect(recall(large, ["litert", "tfjs-webgl"], kept)).toBeNull();
});

test("what can no longer be used is forgotten", () => {
  const kept = storage();
  remember(small, "tfjs-webgl", kept);
  expect(recall(small, ["litert"], kept)).toBeNull();
});

test("a full storage is no failure", () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  };
  expect(() => remember(small, "litert", full)).not.toThrow();
});
