/** LiteRT.js without what it tells of itself. */

// It looks for a GPU that nobody asked for, and warns where there is none.
const CHATTER = /WebGPU|^INFO|^WARNING: \[npu/;

/** Runs something, keeping known chatter off the console. */
export async function makePlain<T>(run: () => Promise<T>): Promise<T> {
  const { warn, log, error } = console;
  const filter =
    (print: typeof console.log) =>
    (...words: unknown[]) => {
      if (!CHATTER.test(String(words[0]))) print(...words);
    };
  Object.assign(console, {
    warn: filter(warn),
    log: filter(log),
    error: filter(error),
  });
  try {
    return await run();
  } finally {
    Object.assign(console, { warn, log, error });
  }
}
