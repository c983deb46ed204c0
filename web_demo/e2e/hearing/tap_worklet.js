/** Hands on what it hears, with the time of each block. */

class Tap extends AudioWorkletProcessor {
  isOver = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.isOver = true;
    };
  }

  process([channels]) {
    const sound = channels[0]?.slice() ?? new Float32Array(128);
    this.port.postMessage({ sound, seconds: currentTime, wall: Date.now() / 1000 });
    return !this.isOver;
  }
}

registerProcessor("tap", Tap);
