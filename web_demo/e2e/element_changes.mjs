/** What becomes of the element when it changes: told for `element.mjs`. */

/** How far the jaw opened and what the stream carried while it spoke and was hushed. */
async function sayAloud(element) {
  return element.evaluate(async (one) => {
    const { anchor } = one;
    const wait = () => new Promise(requestAnimationFrame);
    const meter = new AnalyserNode(anchor.sound);
    anchor.sound
      .createMediaStreamSource(new MediaStream(anchor.stream().getAudioTracks()))
      .connect(meter);
    const samples = new Float32Array(meter.fftSize);
    let [isSpeaking, jaw, peak] = [true, 0, 0];
    const start = performance.now();
    const told = anchor
      .speak("Good evening. How are you today?")
      .then(() => null)
      .catch(({ message }) => message)
      .finally(() => {
        isSpeaking = false;
      });
    while (isSpeaking) {
      jaw = Math.max(jaw, anchor.drawn.jawOpen);
      meter.getFloatTimeDomainData(samples);
      peak = Math.max(peak, ...samples.map(Math.abs));
      await wait();
    }
    const seconds = (performance.now() - start) / 1000;
    // Half a minute, unless it is hushed.
    const long = anchor
      .speak("One two three four five six seven eight nine ten. ".repeat(9))
      .catch(() => {});
    const sleep = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
    await sleep(0.5);
    anchor.hush();
    const isHushed = await Promise.race([
      long.then(() => true),
      sleep(10).then(() => false),
    ]);
    return { failure: await told, jaw, peak, seconds, is_hushed: isHushed };
  });
}

/** Lets a microphone that beeps and a camera without a face move it. */
async function useSenses(page, element) {
  const numBefore = page.workers().length;
  const seen = await element.evaluate(async ({ anchor }) => {
    const wait = () => new Promise((done) => setTimeout(done, 2500));
    let jaw = 0;
    anchor.mixer.add(() => {
      jaw = Math.max(jaw, anchor.drawn.jawOpen);
      return null;
    }, "offset");
    const stopListening = await anchor.listen();
    await wait();
    stopListening();
    const stopWatching = await anchor.watch();
    await wait();
    const { fps } = anchor;
    stopWatching();
    return { jaw, fps };
  });
  await page.waitForTimeout(500);
  return { ...seen, workers: [numBefore, page.workers().length] };
}

/** A folder whose model takes long: what is shown meanwhile, and who came then. */
async function loadSlowly(page, element) {
  const models = /folder\/(?!anchor|controls|poster)/;
  await page.route(models, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  const loaded = element.evaluate(async (one) => {
    one.src = "folder";
    return (await one.ready).info.name;
  });
  const image = page.locator("virtual-anchor img");
  await image.waitFor();
  await page.waitForTimeout(1000);
  const poster = await image.evaluate(({ naturalWidth }) => naturalWidth);
  const name = await loaded;
  await page.unroute(models);
  return { name, poster };
}

/** A second element, in Chinese and without its mark. */
async function addChinese(page) {
  return page.evaluate(async () => {
    const one = document.createElement("virtual-anchor");
    one.lang = "zh-CN";
    one.src = "folder/anchor.json";
    document.body.append(one);
    await one.ready;
    const mark = one.shadowRoot.querySelector(".mark");
    const isShown = () => mark.checkVisibility();
    const shown = [isShown(), one.setAttribute("label", "off") ?? isShown()];
    const { ariaLabel } = one;
    one.remove();
    return { text: mark.textContent, shown, label: ariaLabel };
  });
}

/** No anchor lies where it looks for one. */
async function missAnchor(element) {
  const failure = await element.evaluate(async (one) => {
    const told = new Promise((resolve) =>
      one.addEventListener("error", ({ message }) => resolve(message), { once: true }),
    );
    one.src = "nowhere";
    const rejection = await one.ready.catch(({ message }) => message);
    return { told: await told, rejection, anchor: one.anchor };
  });
  return { ...failure, label: await element.getAttribute("aria-label") };
}

/** Another anchor, none, and the element gone. */
export async function change(visitor, page) {
  const element = page.locator("virtual-anchor");
  const failure = await visitor.forgive(() => missAnchor(element));
  const { name, poster } = await loadSlowly(page, element);
  const label = await element.getAttribute("aria-label");
  const aloud = await sayAloud(element);
  const senses = await useSenses(page, element);
  const numWorkers = page.workers().length;
  const chinese = await addChinese(page);
  await element.evaluate((one) => one.remove());
  await page.waitForFunction(() => !document.querySelector("virtual-anchor"));
  await page.waitForTimeout(500);
  const workers = [numWorkers, page.workers().length];
  return { failure, label, name, poster, aloud, senses, chinese, workers };
}
