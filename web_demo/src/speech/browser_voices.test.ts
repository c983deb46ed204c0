import { afterEach, expect, test, vi } from "vitest";
import { findBrowserVoice } from "./browser_voices";

afterEach(() => vi.unstubAllGlobals());

test("the first click begins to speak, and only that one", async () => {
  const page = new EventTarget();
  const speak = vi.fn();
  vi.stubGlobal("document", page);
  vi.stubGlobal("SpeechSynthesisUtterance", class {});
  vi.stubGlobal("speechSynthesis", {
    getVoices: () => [{ voiceURI: "a", name: "A", lang: "en", localService: true }],
    speak,
    cancel() {},
  });
  expect(await findBrowserVoice()).not.toBeNull();
  expect(speak).not.toHaveBeenCalled();
  page.dispatchEvent(new Event("click"));
  page.dispatchEvent(new Event("click"));
  expect(speak).toHaveBeenCalledOnce();
});
