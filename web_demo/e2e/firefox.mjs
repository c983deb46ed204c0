/**
 * Lets Firefox use the page by itself and prints what happened, as JSON.
 *
 *   node e2e/firefox.mjs FIREFOX ADDRESS SOUND
 *
 * SOUND is `loudspeaker` or `none`, which the device then has.
 *
 * A script joins the page on its way. Nothing steers Firefox from outside: while it is
 * steered, threads of a worker now and then never start.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as ask, createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [executablePath, address, sound] = process.argv.slice(2);
const VISIT = readFileSync(new URL("firefox/visit.js", import.meta.url));
const TIMEOUT = 180_000;
const SOUNDS = {
  loudspeaker: { "media.cubeb.force_mock_context": true },
  none: { "media.cubeb.backend": "none" },
};
const PREFERENCES = {
  ...SOUNDS[sound],
  // Nobody clicks.
  "media.autoplay.default": 0,
  // It asks nobody outside.
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.systemAddon.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "",
};

/** Answers as the page's server does, with the visit ahead of the page's own script. */
async function answer(request, response) {
  const { pathname } = new URL(request.url, address);
  if (pathname === "/visit.js") {
    response.setHeader("Content-Type", "text/javascript");
    response.end(VISIT);
  } else if (pathname === "/told") {
    const told = await read(request);
    response.end();
    server.emit("told", told);
  } else handOn(request, response, pathname === "/");
}

function handOn(request, response, isPage) {
  // Its own origin is another one, and what is packed cannot be added to.
  const { origin, "accept-encoding": packing, ...headers } = request.headers;
  const { host, hostname, port } = new URL(address);
  const { method, url: path } = request;
  const asking = ask(
    { hostname, port, path, method, headers: { ...headers, host } },
    async (answered) => {
      const { "content-length": length, ...kept } = answered.headers;
      response.writeHead(answered.statusCode, isPage ? kept : answered.headers);
      if (!isPage) return answered.pipe(response);
      const page = await read(answered);
      response.end(page.replace("<head>", '<head><script src="visit.js"></script>'));
    },
  );
  asking.on("error", () => response.destroy());
  request.pipe(asking);
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function startFirefox(profile, url) {
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  const args = ["--headless", "--no-remote", "--profile", profile, url];
  return spawn(executablePath, args, { stdio: "ignore" });
}

const profile = mkdtempSync(join(tmpdir(), "firefox-"));
const server = createServer(answer).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${server.address().port}/?idle=0&lang=en&background=transparent`;
const firefox = startFirefox(profile, url);
const ending = once(firefox, "exit");
try {
  const signal = AbortSignal.timeout(TIMEOUT);
  const [told] = await once(server, "told", { signal });
  console.log(told);
} finally {
  firefox.kill();
  await ending;
  server.close();
  server.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}
