"""Who has the clock: the sound device, or without one a thread that keeps time."""

import threading
import time

from keras_anchor.conversation.stage import BLOCK_SECONDS

SOUND_HINT = (
    'For sound: pip install "keras-anchor[live]", on Linux also libportaudio2 '
    "(apt-get install libportaudio2)."
)
# What the device may keep ahead, in seconds: less crackles on a busy machine.
LATENCY = 0.06
# A clock that fell so far behind, as when the machine slept, doesn't catch up.
MAX_BEHIND = 0.5
SILENT_SECONDS = 1.0
# How much faster than time a device may take sound; one that is none takes all at once.
MAX_HASTE = 1.5


class Clock:
    """Takes blocks every 20 ms, at the sound device's pace or, without one, in silence.

    Args:
        take: `take(delay) -> block`, as `Stage.next_block`.
        sample_rate: Of the blocks; None for silence.
        tell: Called with a sentence if sound fails.
    """

    def __init__(self, take, sample_rate, tell):
        self.take, self.tell = take, tell
        self.source = SilentClock(take)
        if sample_rate is not None:
            self.source = Speakers(take, sample_rate)

    def start(self):
        try:
            self.source.start()
        except OSError as error:
            self.go_silent(str(error))

    def check(self):
        """Goes on in silence if the device has stopped."""
        if not self.source.is_running():
            self.go_silent("The sound device has stopped, or keeps no time")

    def go_silent(self, reason):
        self.tell(f"{reason}. The talk goes on without sound.")
        self.source.stop()
        self.source = SilentClock(self.take)
        self.source.start()

    def stop(self):
        self.source.stop()


class SilentClock:
    """Takes blocks as fast as a sound device would, and drops them.

    Args:
        take: `take(delay) -> block` of 20 ms, as `Stage.next_block`.
    """

    def __init__(self, take):
        self.take, self.stopped = take, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()

    def run(self):
        due = time.monotonic()
        while not self.stopped.is_set():
            self.take(0.0)
            due = max(due + BLOCK_SECONDS, time.monotonic() - MAX_BEHIND)
            self.stopped.wait(max(0.0, due - time.monotonic()))

    def is_running(self):
        return self.thread.is_alive()

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Speakers:
    """The sound device that the system plays on.

    Args:
        take: As for `SilentClock`.
        sample_rate: Of the blocks.
    """

    def __init__(self, take, sample_rate):
        self.take, self.sample_rate, self.stream = take, sample_rate, None
        self.started = self.last = self.num_blocks = 0

    def start(self):
        """Opens the device.

        Raises:
            OSError: If it cannot be opened.
        """
        import sounddevice

        try:
            self.started = self.last = time.monotonic()
            self.stream = sounddevice.OutputStream(
                samplerate=self.sample_rate,
                channels=1,
                blocksize=round(self.sample_rate * BLOCK_SECONDS),
                latency=LATENCY,
                callback=self.play,
            )
            self.stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise OSError(f"The sound device can't be opened ({error})") from None

    def play(self, samples, num_samples, times, status):
        self.last = time.monotonic()
        self.num_blocks += 1
        delay = times.outputBufferDacTime - times.currentTime
        # Some systems don't say; a second is a mistake.
        if not 0.0 < delay < 1.0:
            delay = LATENCY
        samples[:, 0] = self.take(delay)

    def is_running(self):
        """Whether the device takes sound at the pace of time.

        One that was pulled out takes none.
        """
        now = time.monotonic()
        in_time = MAX_HASTE * (now - self.started + SILENT_SECONDS) / BLOCK_SECONDS
        return now - self.last < SILENT_SECONDS and self.num_blocks < in_time

    def stop(self):
        if self.stream is not None:
            self.stream.close(ignore_errors=True)


def find_sample_rate(wanted):
    """A rate at which the sound device plays, `wanted` if it can; None without one.

    Returns:
        The rate or None, and a sentence on why there is no sound.
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # OSError: PortAudio is missing.
        return None, f"No sound is played ({error}). {SOUND_HINT}"
    try:
        device = sounddevice.query_devices(kind="output")
        usual = round(device["default_samplerate"] / 50) * 50
        for rate in (wanted, usual):
            try:
                sounddevice.check_output_settings(samplerate=rate, channels=1)
                return rate, ""
            except (sounddevice.PortAudioError, ValueError) as error:
                reason = error
    except (sounddevice.PortAudioError, ValueError) as error:
        reason = error
    return None, f"No sound is played: no device can be opened ({reason})."
