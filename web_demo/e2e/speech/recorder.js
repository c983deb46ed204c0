/** Hands every block of sound to the page, with the context's time of its first sample. */
class Recorder extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]) {
      this.port.postMessage({ seconds: currentTime, sound: input[0].slice() });
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
