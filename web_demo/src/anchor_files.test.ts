import { zipSync } from "fflate";
import { afterEach, expect, test, vi } from "vitest";
import schema from "../../keras_anchor/assets/anchors/adam/controls.json";
import { openAnchor } from "./anchor_files";

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

/** The files of an anchor; `changes` are laid over `anchor.json`. */
async function buildFiles(changes: object = {}): Promise<Record<string, Uint8Array>> {
  // Long and dull enough to be packed.
  const model = encode("model ".repeat(2000));
  const files = { "controls.json": encode(schema), "tfjs/model.json": model };
  const info = {
    ...{ version: 1, name: "tiny", size: 64, alpha: true, fps: 25, noise: [0] },
    ...{ neutral: {}, formats: { tfjs: { path: "tfjs/model.json" } } },
    ...{ poster: "poster.png", report: "report.html" },
    files: Object.fromEntries(
      await Promise.all(
        Object.entries(files).map(async ([path, bytes]) => [path, await hash(bytes)]),
      ),
    ),
    ...changes,
  };
  return { "anchor.json": encode(info), ...files };
}

async function hash(bytes: Uint8Array<ArrayBuffer>) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function zip(files: Record<string, Uint8Array>, level: 0 | 6 = 6) {
  return new File(
    [zipSync(files, { level }) as Uint8Array<ArrayBuffer>],
    "tiny.anchor",
  );
}

/** Answers requests below http://host/a/ with these files. */
function serve(files: Record<string, Uint8Array>) {
  vi.stubGlobal("fetch", async (url: string) => {
    const bytes = files[new URL(url).pathname.replace("/a/", "")];
    if (!bytes) return new Response("no", { status: 404 });
    const headers = { "Content-Length": String(bytes.length) };
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
  });
}

afterEach(() => vi.unstubAllGlobals());

test.each(["http://host/a", "http://host/a/", "http://host/a/anchor.json"])(
  "a folder opens by %s",
  async (address) => {
    serve(await buildFiles());
    const files = await openAnchor(address);
    expect(files.info.name).toBe("tiny");
    expect(files.schema).toEqual(schema);
    const shares: number[] = [];
    const model = await files.read("tfjs/model.json", (share) => shares.push(share));
    expect(new TextDecoder().decode(model)).toBe("model ".repeat(2000));
    expect(shares.at(-1)).toBe(1);
  },
);

test.each([0, 6] as const)("a zip opens, packed by level %i", async (level) => {
  const files = await openAnchor(zip(await buildFiles(), level));
  const model = await files.read("tfjs/model.json");
  expect(new TextDecoder().decode(model)).toBe("model ".repeat(2000));
});

test("what a Mac adds to a zip is left out", async () => {
  const wrapped = await buildFiles();
  const files = Object.entries(wrapped).map(([path, bytes]) => [`tiny/${path}`, bytes]);
  const added = {
    "__MACOSX/tiny/._anchor.json": new Uint8Array(9),
    ".DS_Store": new Uint8Array(9),
  };
  const anchor = await openAnchor(zip({ ...Object.fromEntries(files), ...added }));
  expect(anchor.info.name).toBe("tiny");
});

test("a zip of a folder opens, also by its address", async () => {
  const inner = Object.entries(await buildFiles());
  const wrapped = Object.fromEntries(inner.map(([path, one]) => [`tiny/${path}`, one]));
  serve({ "tiny.anchor": new Uint8Array(await zip(wrapped).arrayBuffer()) });
  const shares: number[] = [];
  const files = await openAnchor("http://host/a/tiny.anchor", (one) =>
    shares.push(one),
  );
  expect((await files.read("tfjs/model.json")).length).toBe(12000);
  expect(shares.at(-1)).toBe(1);
});

test("without crypto.subtle, on plain http, nothing is compared", async () => {
  const files = await buildFiles();
  files["tfjs/model.json"] = encode("changed");
  vi.stubGlobal("crypto", {});
  const anchor = await openAnchor(zip(files));
  expect(new TextDecoder().decode(await anchor.read("tfjs/model.json"))).toBe(
    "changed",
  );
});

const fail = async (source: string | Blob, path?: string) => {
  const files = await openAnchor(source);
  if (path) await files.read(path);
};

test.each([
  ["a newer version", { version: 2 }, /has version 2.*up to 1\. Upgrade it/],
  ["no version", { version: "1" }, /anchor\.json is damaged \(it has no version\)/],
  ["no noise", { noise: undefined }, /damaged \(it has no noise\)\. Export the/],
  [
    "a way out",
    { poster: "../poster.png" },
    /names `\.\.\/poster\.png`, which lies out/,
  ],
])("an anchor with %s is refused", async (_, changes, expected) => {
  await expect(fail(zip(await buildFiles(changes)))).rejects.toThrow(expected);
});

test.each([
  [
    "is missing",
    "tfjs/model.json",
    null,
    /`tfjs\/model\.json` is missing from the anch/,
  ],
  [
    "was changed",
    "tfjs/model.json",
    "x",
    /is not the file that was exported: its sha256/,
  ],
  [
    "is missing",
    "anchor.json",
    null,
    /is no anchor: it has no `anchor\.json`\. Make one/,
  ],
  ["is not JSON", "anchor.json", "{", /anchor\.json is damaged \(.*JSON/],
  ["was changed", "controls.json", "{}", /`controls\.json` .* its sha256 differs/],
  ["is a way out", "../a", "x", /names `\.\.\/a`, which lies outside the anchor/],
])("a zip in which a file %s (%s) is refused", async (_, path, text, expected) => {
  const files = await buildFiles();
  delete files[path];
  if (text !== null) files[path] = encode(text);
  await expect(fail(zip(files), "tfjs/model.json")).rejects.toThrow(expected);
});

test("a file without a sha256 is refused", async () => {
  const files = { ...(await buildFiles()), "extra.js": encode("alert()") };
  await expect(fail(zip(files), "extra.js")).rejects.toThrow(
    /lists no sha256 for `extra/,
  );
});

test("controls without numbers are refused", async () => {
  const controls = encode({ controls: [{ name: "jawOpen" }] });
  const changes = { files: { "controls.json": await hash(controls) } };
  const files = { ...(await buildFiles(changes)), "controls.json": controls };
  await expect(fail(zip(files))).rejects.toThrow(/controls\.json is damaged: expected/);
});

test.each([
  ["nothing", new Blob([]), /The file is no anchor \(File is not a zip file\)/],
  [
    "text",
    new File(["hello"], "a.zip"),
    /a\.zip is no anchor.*expected a zip or a fold/,
  ],
])("a zip of %s is refused", async (_, blob, expected) => {
  await expect(fail(blob)).rejects.toThrow(expected);
});

test("a zip that was cut off or damaged is refused", async () => {
  const bytes = new Uint8Array(await zip(await buildFiles()).arrayBuffer());
  const end = new Blob([bytes.slice(-22)]);
  await expect(fail(end)).rejects.toThrow(/its directory is cut off/);
  const at = new TextDecoder("latin1").decode(bytes).indexOf("tfjs/model.json") + 20;
  bytes.fill(255, at, at + 20);
  await expect(fail(new Blob([bytes]), "tfjs/model.json")).rejects.toThrow(
    /is no anchor \(`tfjs\/model\.json`/,
  );
});

test("a zip that unpacks to more than a gigabyte is refused", async () => {
  const bytes = new Uint8Array(await zip(await buildFiles()).arrayBuffer());
  const view = new DataView(bytes.buffer);
  // The size that the first entry of the directory claims.
  view.setUint32(view.getUint32(bytes.length - 6, true) + 24, 1_100_000_000, true);
  await expect(fail(new Blob([bytes]))).rejects.toThrow(/unpacks to more than 1 GB/);
});

test.each([
  ["http://host/a", /There is no http:\/\/host\/a\/anchor\.json \(status 404\)\. Name/],
  ["http://host/a/x.anchor", /There is no .*x\.anchor \(status 404\)\. Name the addre/],
  [
    "file:///home/a",
    /A page that was opened as a file cannot read an anchor\. Open it/,
  ],
])("%s is a plain sentence", async (address, expected) => {
  serve({});
  await expect(fail(address)).rejects.toThrow(expected);
});

test("a server that is gone is a plain sentence", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await expect(fail("http://host/a")).rejects.toThrow(
    /cannot be reached\. Is its server/,
  );
});

test("a connection that breaks is a plain sentence", async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error("broken") });
  vi.stubGlobal("fetch", async () => new Response(body));
  await expect(fail("http://host/a")).rejects.toThrow(/arrived in part only/);
});
