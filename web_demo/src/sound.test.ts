import { afterEach, expect, test, vi } from "vitest";
import { Sound } from "./sound";

class StubContext {
  state = "suspended";
  readonly destination = {};

  async resume() {
    this.state = "running";
  }

  async close() {
    this.state = "closed";
  }
}

class StubGain {
  constructor(readonly context: StubContext) {}

  connect() {}

  disconnect() {}
}

function stubBrowser(): EventTarget {
  const page = new EventTarget();
  vi.stubGlobal("AudioContext", StubContext);
  vi.stubGlobal("GainNode", StubGain);
  vi.stubGlobal("document", page);
  return page;
}

afterEach(() => vi.unstubAllGlobals());

test.each(["click", "keydown"])("sound that stands still starts at a %s", (touch) => {
  const page = stubBrowser();
  const { context } = new Sound();
  page.dispatchEvent(new Event(touch));
  expect(context.state).toBe("running");
});

test("an anchor that was let go hears no clicks", () => {
  const page = stubBrowser();
  const sound = new Sound();
  const { context } = sound;
  sound.dispose();
  page.dispatchEvent(new Event("click"));
  expect(context.state).toBe("closed");
});
