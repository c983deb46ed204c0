import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { resume } from "./resume";

/** A context as browsers have it: `resume` waits for a click, perhaps for ever. */
function makeContext(clickAfter: number) {
  const context = {
    state: "suspended",
    resume: () =>
      new Promise<void>((resolve) => {
        if (!Number.isFinite(clickAfter)) return;
        setTimeout(() => {
          context.state = "running";
          resolve();
        }, clickAfter);
      }),
  };
  return context as unknown as AudioContext;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a page that nobody touched asks for a click, and does not wait for ever", async () => {
  const failed = expect(resume(makeContext(Number.POSITIVE_INFINITY))).rejects.toThrow(
    "Click anywhere",
  );
  await vi.advanceTimersByTimeAsync(5000);
  await failed;
});

test("a context that may run is not kept waiting", async () => {
  const resumed = resume(makeContext(10));
  await vi.advanceTimersByTimeAsync(20);
  await expect(resumed).resolves.toBeUndefined();
});
