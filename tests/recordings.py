"""Sound files for tests, and what is heard in sound."""

import wave

import numpy as np

from keras_anchor.drive.speech import measure_loudness


def write_wav(path, sound, sample_rate=16000):
    """Writes sound `(num_samples,)` or `(num_samples, num_channels)`."""
    channels = sound[:, None] if sound.ndim == 1 else sound
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels.shape[1])
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        samples = np.clip(channels, -1, 1) * 32767
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def write_compressed(path, sound, codec, sample_rate):
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=sample_rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
        frame.sample_rate = sample_rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_hum(seconds=1.0, sample_rate=16000, hertz=200):
    """A tone that swells, so that it starts and ends quietly."""
    times = np.arange(round(seconds * sample_rate)) / sample_rate
    swell = np.sin(np.pi * times / seconds)
    return (0.4 * swell * np.sin(2 * np.pi * hertz * times)).astype("float32")


def symbols(speech):
    """The phonemes that sound, without their stress."""
    return [p.symbol.strip("ˈˌ") for p in speech.phonemes if p.symbol]


def decibels(speech):
    return 20 * np.log10(measure_loudness(speech.sound, speech.sample_rate))
