import { afterEach, expect, test, vi } from "vitest";
import { examineDevice } from "./device";

/** A browser whose workers get such a context to draw with. */
function stubBrowser(context: unknown) {
  vi.stubGlobal("navigator", { hardwareConcurrency: 8 });
  vi.stubGlobal("crossOriginIsolated", true);
  const getContext = () => context;
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = getContext;
    },
  );
}

afterEach(() => vi.unstubAllGlobals());

test("a GPU that workers cannot draw with is none", async () => {
  stubBrowser(null);
  expect((await examineDevice()).hasGpu).toBe(false);
});

test("a GPU has a name", async () => {
  stubBrowser({ getExtension: () => null, getParameter: () => "Apple GPU" });
  expect((await examineDevice()).hasGpu).toBe(true);
});

test("there are no threads without memory to share", async () => {
  stubBrowser(null);
  expect((await examineDevice()).numThreads).toBe(4);
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect((await examineDevice()).numThreads).toBe(1);
});
