"""Sound of the microphone, in blocks of 20 ms."""

import queue

from keras_anchor.conversation.hearing import BLOCK_SIZE, SAMPLE_RATE

# Half a minute may wait while something else is recognised.
MAX_WAITING = 1500


class Microphone:
    """Yields blocks of mono float32 at 16 kHz for as long as it is open.

    Raises:
        OSError: If there is no microphone, or PortAudio is missing.
        ModuleNotFoundError: If `sounddevice` is not installed.
    """

    def __init__(self):
        try:
            import sounddevice
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "Listening needs sounddevice. Install it: "
                'pip install "keras-anchor[live]"'
            ) from None
        except OSError:
            raise OSError(
                "Listening needs the library PortAudio: on Linux "
                "apt-get install libportaudio2. Or type, without `--listen`."
            ) from None
        self.queue = queue.SimpleQueue()
        try:
            self.stream = sounddevice.InputStream(
                samplerate=SAMPLE_RATE,
                channels=1,
                blocksize=BLOCK_SIZE,
                callback=self.hear,
            )
            self.stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise OSError(
                f"No microphone can be opened ({error}). Plug one in, allow this "
                "program to use it, or type, without `--listen`."
            ) from None

    def hear(self, samples, num_samples, times, status):
        if self.queue.qsize() < MAX_WAITING:
            self.queue.put(samples[:, 0].copy())

    def __iter__(self):
        while (block := self.queue.get()) is not None:
            yield block

    def close(self):
        self.stream.close(ignore_errors=True)
        self.queue.put(None)
