/**
 * Visits a static site whose server sends no headers of ours; prints JSON.
 *
 *   node e2e/static.mjs CHROMIUM ADDRESS
 */

import { Visitor } from "./visiting.mjs";

const [executablePath, address] = process.argv.slice(2);
const visitor = await Visitor.start(executablePath, address);

try {
  const page = await visitor.open("idle=0&backend=tfjs-wasm");
  const isIsolated = await page.evaluate(() => crossOriginIsolated);
  const rate = await page.textContent("#rate");
  console.log(
    JSON.stringify({ is_isolated: isIsolated, rate, errors: visitor.errors }),
  );
} finally {
  await visitor.browser.close();
}
