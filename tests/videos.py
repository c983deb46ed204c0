"""Video files in any format: pictures that show their number, a tone that beeps."""

from fractions import Fraction

import numpy as np
import pytest

from keras_anchor.data.video.frames import read_frames

av = pytest.importorskip("av")

WIDTH, HEIGHT, NUM_BITS = 160, 96, 8
QUIET = "log-level=none"


def numbered(number, width=WIDTH, height=HEIGHT):
    """A picture that shows a number as bars, black and white, over coloured ones."""
    picture = np.zeros((height, width, 3), "uint8")
    bar = width // NUM_BITS
    for bit in range(NUM_BITS):
        picture[: height // 2, bit * bar : (bit + 1) * bar] = 235 * (number >> bit & 1)
    picture[height // 2 :, : width // 2] = 200, 60, 40
    picture[height // 2 :, width // 2 :] = 40, 90, 200
    return picture


def number_of(picture):
    """What number a picture shows."""
    height, width = picture.shape[0] // 4, picture.shape[1] // NUM_BITS
    bits = picture[height, width // 2 :: width].mean(-1) > 120
    return sum(int(bit) << place for place, bit in enumerate(bits[:NUM_BITS]))


def write_video(
    path,
    pictures,
    rate=25,
    times=None,
    codec="libx264",
    pix_fmt="yuv420p",
    rotation=None,
    is_mirrored=False,
    field_order=None,
    container_options=None,
    aspect=None,
    sound=None,
    **options,
):
    """A video of uint8 RGB pictures or of `av.VideoFrame`s; `times` in 1/1000 s.

    `sound` is `(samples, sample_rate, seconds it starts after the picture)`.
    """
    time_base = Fraction(1, 1000) if times is not None else 1 / Fraction(rate)
    with av.open(
        str(path), "w", container_options=container_options or {}
    ) as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.pix_fmt, stream.bit_rate = pix_fmt, 3_000_000
        stream.codec_context.time_base = time_base
        if rotation is not None:
            stream.set_display_rotation(rotation, hflip=is_mirrored)
        if field_order:
            stream.codec_context.field_order = field_order
        packets = []
        for index, picture in enumerate(pictures):
            frame = picture
            if isinstance(picture, np.ndarray):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if index == 0:
                stream.width, stream.height = frame.width, frame.height
                if aspect:
                    stream.codec_context.sample_aspect_ratio = aspect
                for name in (
                    "colorspace",
                    "color_range",
                    "color_trc",
                    "color_primaries",
                ):
                    if not isinstance(picture, np.ndarray):
                        setattr(stream.codec_context, name, getattr(frame, name))
            frame.pts = index if times is None else int(times[index])
            frame.time_base = time_base
            packets += stream.encode(frame)
        packets += stream.encode()
        if sound is not None:
            packets += encode_sound(container, *sound)
        container.mux(packets)
    return path


def encode_sound(container, samples, rate, starts, codec="pcm_s16le"):
    stream = container.add_stream(codec, rate=rate)
    stream.layout = "mono"
    packets = []
    for first in range(0, len(samples), 1000):
        block = np.rint(samples[first : first + 1000] * 32767).astype("int16")[None]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = first + round(starts * rate)
        packets += stream.encode(frame)
    return packets + stream.encode()


def numbers(path, **options):
    return [number_of(picture) for picture in read_frames(path, **options)]


RATE, BEEP, BEEP_SECONDS = 44100, 1.0, 0.1


def beeping(seconds, starts=0.0):
    """A quiet tone with a loud beep when the picture's clock shows `BEEP`."""
    times = np.arange(round(seconds * RATE)) / RATE
    tone = 0.05 * np.sin(2 * np.pi * 300 * times)
    is_beep = (times + starts >= BEEP) & (times + starts < BEEP + BEEP_SECONDS)
    return tone + is_beep * 0.7 * np.sin(2 * np.pi * 1000 * times)


def spoil(path, kind, first, last):
    """Overwrites a share of the packets of `video` or `audio` with rubbish."""
    with av.open(str(path)) as container:
        stream = container.streams.best(kind)
        packets = [packet for packet in container.demux(stream) if packet.size]
    data = bytearray(path.read_bytes())
    for packet in packets[round(first * len(packets)) : round(last * len(packets))]:
        data[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    path.write_bytes(data)
    return path
