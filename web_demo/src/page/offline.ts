/** The service worker: the page without a network, and threads on any web server. */

const SCRIPT = "service_worker.js";
// Longer than its small script takes; the page starts without it otherwise.
const PATIENCE_MILLISECONDS = 500;
const RELOADED = "reloaded_for_threads";

/**
 * Waits for the service worker to see what this page fetches.
 *
 * A server that does not isolate pages, which threads need, is helped by it; that takes
 * one reload.
 */
export async function takeControl() {
  const workers = navigator.serviceWorker;
  if (!workers || !import.meta.env.PROD) return;
  if (!workers.controller) {
    const controlled = new Promise((resolve) => {
      workers.addEventListener("controllerchange", resolve, { once: true });
    });
    // Private windows refuse; the page works without.
    const registered = await workers.register(SCRIPT).catch(() => null);
    if (!registered) return;
    await Promise.race([controlled, wait(PATIENCE_MILLISECONDS)]);
  }
  if (!crossOriginIsolated && workers.controller) await reloadOnce();
}

/** Lets the service worker keep what this page needs, once there is time for it. */
export function keepOffline() {
  const page = import.meta.url;
  navigator.serviceWorker?.controller?.postMessage({ keep: page });
}

async function reloadOnce() {
  try {
    if (sessionStorage.getItem(RELOADED)) return;
    sessionStorage.setItem(RELOADED, "1");
  } catch {
    // Without a memory it would reload for ever.
    return;
  }
  location.reload();
  // Nothing else starts meanwhile.
  await new Promise(() => {});
}

function wait(milliseconds: number) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
