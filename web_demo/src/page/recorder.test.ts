import { afterEach, expect, test, vi } from "vitest";
import { findType, keepsAlpha } from "./recorder";

function stubBrowser(vendor: string, known: RegExp) {
  vi.stubGlobal("navigator", { vendor });
  vi.stubGlobal("MediaRecorder", {
    isTypeSupported: (type: string) => known.test(type),
  });
}

afterEach(() => vi.unstubAllGlobals());

test("Chromium records WebM, which keeps transparency", () => {
  stubBrowser("Google Inc.", /./);
  const type = findType() ?? "";
  expect(type).toBe("video/webm;codecs=vp8,opus");
  expect(keepsAlpha(type)).toBe(true);
});

test("Safari records MP4, also where it knows WebM, and promises no transparency", () => {
  stubBrowser("Apple Computer, Inc.", /./);
  expect(findType()).toBe("video/mp4");
  expect(keepsAlpha("video/webm;codecs=vp8,opus")).toBe(false);
});

test("Firefox records the WebM that it knows, and promises no transparency", () => {
  stubBrowser("", /webm/);
  const type = findType() ?? "";
  expect(type).toMatch("webm");
  expect(keepsAlpha(type)).toBe(false);
});

test("a browser without a recorder has no type", () => {
  vi.stubGlobal("navigator", { vendor: "" });
  expect(findType()).toBeNull();
});
