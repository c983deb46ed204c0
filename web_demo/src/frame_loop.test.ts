import { afterEach, beforeEach, expect, test, vi } from "vitest";
import schema from "../../keras_anchor/assets/anchors/adam/controls.json";
import { FrameLoop } from "./frame_loop";
import { Mixer } from "./mixer";

const { controls } = schema;
const FRAME = 1000 / 60;

let now = 0;
let callbacks: FrameRequestCallback[] = [];
let errors: string[] = [];

/** A display: calls back when `refresh` says so. */
beforeEach(() => {
  now = 0;
  callbacks = [];
  errors = [];
  vi.stubGlobal("requestAnimationFrame", (one: FrameRequestCallback) =>
    callbacks.push(one),
  );
  vi.stubGlobal("cancelAnimationFrame", (id: number) => {
    callbacks[id - 1] = () => {};
  });
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function refresh(count = 1, milliseconds = FRAME) {
  for (let tick = 0; tick < count; tick++) {
    now += milliseconds;
    for (const callback of callbacks.splice(0)) callback(now);
    await settle();
  }
}

/** Lets promises that are done go on. */
async function settle() {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}

/** A screen that takes as long as somebody lets it. */
class SlowScreen {
  readonly drawn: Float32Array[] = [];
  private readonly waiting: ((error?: Error) => void)[] = [];

  draw(packed: Float32Array) {
    this.drawn.push(packed);
    return new Promise<void>((resolve, reject) =>
      this.waiting.push((error) => (error ? reject(error) : resolve())),
    );
  }

  async finish(error?: Error) {
    this.waiting.shift()?.(error);
    await settle();
  }
}

const fastScreen = () => ({ draw: vi.fn(async (_: Float32Array) => {}) });

function build(screen: { draw(packed: Float32Array): Promise<void> }, fps = 60) {
  const mixer = new Mixer(controls);
  const onError = (error: Error) => errors.push(error.message);
  const loop = new FrameLoop(controls, mixer, screen, fps, onError);
  mixer.add((seconds) => ({ breath: Math.sin(seconds) }), "offset", 0);
  loop.run(true);
  return { mixer, loop };
}

test("the canvas shows what the mixer asks for", async () => {
  const screen = fastScreen();
  const { loop } = build(screen);
  await refresh(3);
  expect(screen.draw).toHaveBeenCalledTimes(3);
  const index = controls.findIndex(({ name }) => name === "breath");
  expect(screen.draw.mock.lastCall?.[0]?.[index]).toBeCloseTo(Math.sin(now / 1000));
  expect(loop.drawn.breath).toBeCloseTo(Math.sin(now / 1000));
});

test("what did not change is not drawn again", async () => {
  const screen = fastScreen();
  const mixer = new Mixer(controls);
  new FrameLoop(controls, mixer, screen, 60, () => {}).run(true);
  await refresh(5);
  expect(screen.draw).toHaveBeenCalledTimes(1);
});

test("frames are dropped, not queued, and the newest is drawn at once", async () => {
  const screen = new SlowScreen();
  const { loop } = build(screen);
  await refresh(5);
  expect(screen.drawn.length).toBe(1);
  expect(loop.dropped).toBe(3);
  now += 5;
  await screen.finish();
  expect(screen.drawn.length).toBe(2);
  const index = controls.findIndex(({ name }) => name === "breath");
  expect(screen.drawn[1]?.[index]).toBeCloseTo(Math.sin(now / 1000));
  await screen.finish();
  expect(screen.drawn.length).toBe(2);
});

test.each([
  [60, 1000 / 144, 144, 60],
  [25, 1000 / 60, 60, 25],
  [60, 1000 / 30, 30, 30],
])(
  "at most %i fps, on a display of %f ms",
  async (fps, milliseconds, count, expected) => {
    const screen = fastScreen();
    build(screen, fps);
    await refresh(count * 4, milliseconds);
    expect(screen.draw.mock.calls.length / 4).toBeCloseTo(expected, 0);
  },
);

test("latency is from asking to showing, and the rate counts a second", async () => {
  const screen = new SlowScreen();
  const { loop } = build(screen);
  expect(loop.latency.median).toBeNaN();
  for (const taken of [10, 10, 40]) {
    await refresh();
    now += taken;
    await screen.finish();
  }
  expect(loop.latency).toEqual({ median: 10, percentile95: 40 });
  expect(loop.rate).toBe(3);
  now += 2000;
  expect(loop.rate).toBe(0);
});

test("a paused loop draws nothing and goes on", async () => {
  const screen = fastScreen();
  const { loop } = build(screen);
  await refresh(2);
  loop.run(false);
  await refresh(5);
  expect(screen.draw).toHaveBeenCalledTimes(2);
  loop.run(true);
  loop.run(true);
  await refresh(2);
  expect(screen.draw).toHaveBeenCalledTimes(4);
  loop.stop();
  loop.run(true);
  await refresh(2);
  expect(screen.draw).toHaveBeenCalledTimes(4);
});

test("an unknown control is told once, and the rest goes on", async () => {
  const screen = fastScreen();
  const { mixer } = build(screen);
  mixer.add(() => ({ jaw: 1 }), "person");
  await refresh(5);
  expect(errors).toEqual([expect.stringMatching(/Unknown control jaw\. Known/)]);
  expect(screen.draw).toHaveBeenCalledTimes(4);
});

test("a renderer that fails is told once, and asked again", async () => {
  const screen = new SlowScreen();
  build(screen);
  for (let time = 0; time < 3; time++) {
    await refresh();
    await screen.finish(new Error("The GPU was lost."));
  }
  expect(errors).toEqual(["The GPU was lost."]);
  await refresh();
  await screen.finish();
  expect(screen.drawn.length).toBe(4);
});
