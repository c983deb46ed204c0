/**
 * Keeps the page for when there is no network, and isolates it where its server does not.
 *
 * Files with a hash in their names never change and come from the cache first; all else
 * comes from the network first. It imports nothing, so that it is one script.
 */

// What the build wrote: the page's smaller files, and a name that changes with any file.
declare const PAGE_FILES: readonly string[];
declare const PAGE_VERSION: string;

/** What this needs of a service worker; TypeScript's own types exclude a page's. */
interface LongEvent extends Event {
  readonly data?: { readonly keep?: unknown };
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}

interface Worker {
  readonly registration: { readonly scope: string; unregister(): Promise<boolean> };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, listen: (event: LongEvent) => void): void;
}

const worker = self as unknown as Worker;
// What our own page says of itself.
const NAME = "keras-anchor";
// All sites of one host share its caches.
const OURS = `${NAME} ${worker.registration.scope} `;
const SHELL = `${OURS}page ${PAGE_VERSION}`;
const DATA = `${OURS}data`;
const HASHED = /\/assets\/[^/]*-[\w-]{8}\.\w+$/;
// What only a running server can say.
const LIVE = /\/(voices\.json|speak)$/;
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

worker.addEventListener("install", (event) => {
  event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("message", (event) => {
  const address: unknown = event.data?.keep;
  const isOurs = PAGE_FILES.some((file) => String(address) === addressOf(file));
  // A page from before an update still needs what it came with.
  if (isOurs) event.waitUntil(keepPage());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isOurs = url.href.startsWith(worker.registration.scope);
  if (request.method !== "GET" || !isOurs || LIVE.test(url.pathname)) return;
  // Parts of a file cannot be kept.
  if (request.headers.has("Range")) return;
  const answer = HASHED.test(url.pathname) ? fromCache(request) : fromNetwork(request);
  const isPage = request.mode === "navigate";
  event.respondWith(answer.then(isPage ? receive : isolate));
});

/** Keeps this page's files, and forgets those of other versions. */
async function keepPage() {
  const cache = await caches.open(SHELL);
  const wanted = PAGE_FILES.map(addressOf);
  const missing = [worker.registration.scope, ...wanted].map(async (address) => {
    if (!(await cache.match(address))) await cache.add(address);
  });
  // A server that leaves out one of them still shows the page.
  await Promise.allSettled(missing);
  const names = await caches.keys();
  const old = names.filter(
    (name) => name.startsWith(OURS) && name !== SHELL && name !== DATA,
  );
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fromCache(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? keep(request, SHELL);
}

/** The newest; what was kept where there is no network. */
async function fromNetwork(request: Request): Promise<Response> {
  try {
    return await keep(request, DATA);
  } catch (error) {
    // An address with `?obs=1` shows the same page: this version's, since one that was
    // kept before an update asks for scripts that are gone.
    const ignoreSearch = true;
    const kept =
      (await caches.match(request, { cacheName: SHELL, ignoreSearch })) ??
      (await caches.match(request, { ignoreSearch }));
    if (kept) return kept;
    throw error;
  }
}

async function keep(request: Request, name: string): Promise<Response> {
  const response = await fetch(request);
  if (response.ok && response.type === "basic") {
    const copy = response.clone();
    const cache = await caches.open(name);
    // A full disk is no reason to fail.
    cache.put(request, copy).catch(() => {});
  }
  return response;
}

/**
 * Steps aside where another page lies at this address now, which happens to localhost.
 */
async function receive(response: Response): Promise<Response> {
  const isOurs = (await response.clone().text()).includes(NAME);
  if (isOurs || !response.ok) return isolate(response);
  await worker.registration.unregister();
  return response;
}

/** Adds the headers that give a page threads, where the server gave none. */
function isolate(response: Response): Response {
  if (response.type !== "basic" && response.type !== "default") return response;
  const headers = new Headers(response.headers);
  const missing = Object.entries(ISOLATION).filter(([name]) => !headers.has(name));
  if (!missing.length) return response;
  for (const [name, value] of missing) headers.set(name, value);
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}

function addressOf(file: string): string {
  return new URL(file, worker.registration.scope).href;
}
