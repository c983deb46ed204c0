"""Sound of a video file, in step with its picture."""

import warnings
from collections import Counter

import numpy as np

from keras_anchor.data.video.containers import find_sound, import_av, open_video
from keras_anchor.data.video.probe import probe

SAMPLE_RATE = 48000
# FFmpeg's `aresample` keeps to the timestamps by stretching at most so many samples
# a second, and fills or cuts what is further off than 0.1 s.
MAX_STRETCH = 500


def read_sound(path, seconds, start=0.0):
    """So many seconds from `start`, mono `(num_samples,)` float32 at 48 kHz, or None.

    Raises:
        ValueError: As `sound_blocks`.
    """
    if not probe(path).has_sound:
        return None
    sound, count = np.empty(round(seconds * SAMPLE_RATE), "float32"), 0
    for block in sound_blocks(path, seconds, start):
        sound[count : count + len(block)] = block / np.float32(32767.0)
        count += len(block)
    return sound


def sound_blocks(path, seconds, start=0.0):
    """Yields int16 `(num_samples,)`, mono at 48 kHz, in all as long as `seconds`.

    The first sample is heard `start` seconds after the first picture is seen: sound
    that starts earlier is cut, silence fills what is missing at the start, in holes
    and at the end. One block is in memory at a time.

    Raises:
        ValueError: If most of the sound is damaged.
    """
    num_left, counts = round(seconds * SAMPLE_RATE), Counter()
    for block in resample(path, probe(path).start_time + start, counts):
        yield block[:num_left]
        num_left -= len(block)
        if num_left <= 0:
            break
    tell_damage(path, counts)
    while num_left > 0:
        yield np.zeros(min(num_left, SAMPLE_RATE), "int16")
        num_left -= SAMPLE_RATE


def resample(path, start_time, counts):
    """Yields int16 mono blocks at 48 kHz, the first sample at `start_time`."""
    av, resampler, shape, num_samples = import_av(), None, None, 0
    for frame in decode(path, counts):
        frame.pts -= round(start_time / frame.time_base)
        if (frame.format.name, frame.layout.name, frame.sample_rate) != shape:
            shape = frame.format.name, frame.layout.name, frame.sample_rate
            resampler = av.AudioResampler(
                format="s16",
                layout="mono",
                rate=SAMPLE_RATE,
                # A size of blocks also makes sure that timestamps are looked at.
                frame_size=SAMPLE_RATE // 10,
                options={
                    "sample_rate": str(SAMPLE_RATE),
                    "async": str(MAX_STRETCH),
                    "first_pts": str(num_samples),
                },
            )
        for part in resampler.resample(frame):
            num_samples += part.samples
            yield part.to_ndarray()[0]
    if resampler:
        for part in resampler.resample(None):
            yield part.to_ndarray()[0]


def decode(path, counts):
    """Yields frames of sound; counts `packets`, and those `damaged`, left out."""
    av = import_av()
    with open_video(path) as (container, _):
        packets = container.demux(find_sound(container))
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                counts["packets"] += 1
                frames = packet.decode()
            except av.FFmpegError:
                counts["damaged"] += 1
            else:
                yield from frames


def tell_damage(path, counts):
    """Raises or warns if pieces of the sound are damaged."""
    num_damaged, num_packets = counts["damaged"], counts["packets"]
    if num_damaged > num_packets / 2:
        raise ValueError(
            f"The sound of {path} is damaged ({num_damaged} of {num_packets} pieces "
            "cannot be decoded). Leave it out, for instance with "
            "`ffmpeg -i in.mp4 -an -c copy out.mp4`."
        )
    if num_damaged:
        warnings.warn(
            f"The sound of {path} is damaged: silence stands for {num_damaged} of its "
            f"{num_packets} pieces.",
            stacklevel=3,
        )
