/** A page with nothing but the drivers that listen, and what watches them. */

import { Microphone } from "../../src/hearing/microphone";
import { SoundFile } from "../../src/hearing/sound_file";
import tapUrl from "./tap_worklet.js?worker&url";

const assets = "./";
const errors = [];
let context = null;
let microphone = null;
let soundFile = null;
let stream = null;

/** Records what comes through a node, with the time of its first sample. */
async function tap(node) {
  await context.audioWorklet.addModule(tapUrl);
  const recorder = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
  const blocks = [];
  recorder.port.onmessage = ({ data }) => blocks.push(data);
  node.connect(recorder);
  return () => {
    recorder.port.postMessage(null);
    node.disconnect(recorder);
    const [first] = blocks;
    const at = ({ seconds }) =>
      Math.round((seconds - first.seconds) * context.sampleRate);
    // By their times: a context that starts leaves some out.
    const sound = new Float32Array(at(blocks.at(-1)) + first.sound.length);
    for (const block of blocks) sound.set(block.sound, at(block));
    // When the earliest block of all, relative to its time, was there.
    const arrival = Math.min(...blocks.map(({ wall, seconds }) => wall - seconds));
    return {
      seconds: first.seconds,
      arrival: arrival - performance.timeOrigin / 1000,
      rate: context.sampleRate,
      sound: Array.from(sound, (sample) => Math.round(sample * 32767)),
    };
  };
}

/** Asks a source, as a mixer does, in every frame. */
function watch(source) {
  const seen = [];
  let isOn = true;
  const look = () => {
    const seconds = performance.now() / 1000;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    const values = source(seconds);
    seen.push({
      seconds,
      heard: contextTime + seconds - performanceTime / 1000,
      values: values && { ...values },
    });
    if (isOn) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return () => {
    isOn = false;
    return seen;
  };
}

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const onError = (error) => errors.push(error.message);

window.hearing = {
  errors,
  wait,
  get soundFile() {
    return soundFile;
  },
  get microphone() {
    return microphone;
  },

  /** Plays the file that was chosen; resolves at its end, or after some seconds. */
  async playFile(file, seconds) {
    context ??= new AudioContext();
    const bus = new GainNode(context);
    bus.connect(context.destination);
    const finishTap = await tap(bus);
    soundFile = new SoundFile();
    const ended = new Promise((resolve) => {
      const options = { context, destination: bus, assets, onError, onEnd: resolve };
      this.starting = soundFile.start(file, options);
    });
    await this.starting;
    const finishWatch = watch(soundFile.source);
    await Promise.race([ended, wait(seconds)]);
    const { statistics } = soundFile;
    const hasEnded = !soundFile.isPlaying;
    await wait(0.5);
    const after = soundFile.source(performance.now() / 1000);
    return {
      seen: finishWatch(),
      heard: finishTap(),
      statistics,
      hasEnded,
      after,
      seconds: soundFile.duration,
    };
  },

  async openFile(file) {
    context ??= new AudioContext();
    soundFile = new SoundFile();
    await soundFile.start(file, {
      context,
      destination: context.destination,
      assets,
      onError,
    });
  },

  /** Jaws that the file's source says in the next seconds. */
  async watchJaw(seconds) {
    const finish = watch(soundFile.source);
    await wait(seconds);
    return finish().map(({ values }) => values?.jawOpen ?? 0);
  },

  async listen(seconds) {
    context ??= new AudioContext();
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      stream = await ask(wanted);
      return stream;
    };
    microphone = new Microphone({ onError });
    await microphone.start(context, assets);
    const finishTap = await tap(context.createMediaStreamSource(stream));
    const finishWatch = watch(microphone.source);
    await wait(seconds);
    const { statistics, level } = microphone;
    return { seen: finishWatch(), heard: finishTap(), statistics, level };
  },

  /** Sends hops faster than anybody can hear them; their ends are their numbers. */
  async flood(numHops) {
    const info = await (await fetch("listener/listener.json")).json();
    const worker = new Worker(
      new URL("../../src/hearing/listener_worker.ts", import.meta.url),
    );
    const { port1, port2 } = new MessageChannel();
    let numHeard = 0;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.kind === "failed") reject(new Error(data.error));
        if (data.kind === "ready") {
          for (let end = 0; end < numHops; end++) {
            port2.postMessage({ sound: new Float32Array(info.hop), end });
          }
        }
        if (data.kind !== "heard") return;
        numHeard += data.ends.length;
        if (data.ends.at(-1) < numHops - 1) return;
        worker.terminate();
        resolve({ numHeard, numDropped: data.numDropped });
      };
      const assets = new URL("./", document.baseURI).href;
      worker.postMessage({ assets, info, inlet: port1 }, [port1]);
    });
  },

  /** What is left of a microphone after `action`. */
  leave(action) {
    action(stream);
    const states = stream.getTracks().map(({ readyState }) => readyState);
    return { states, values: microphone.source(performance.now() / 1000) };
  },
};
document.body.dataset.state = "ready";
