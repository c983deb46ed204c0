import struct
from fractions import Fraction

import numpy as np
import pytest

from keras_anchor.data.probe import probe
from keras_anchor.data.sound import SAMPLE_RATE, read_sound, sound_blocks
from keras_anchor.data.takes import write_wav
from keras_anchor.data.video import check_video, count_frames, read_frames

av = pytest.importorskip("av")

WIDTH, HEIGHT, NUM_BITS = 160, 96, 8
QUIET = "log-level=none"
FORMATS = {  # name of the file: what its encoder is given
    "h264.mp4": {"codec": "libx264", "g": "30", "bf": "3"},
    "h264.mkv": {"codec": "libx264", "g": "30", "bf": "3"},
    "h264.ts": {"codec": "libx264", "g": "30", "bf": "3"},
    "open_gop.mp4": {
        "codec": "libx264",
        "g": "12",
        "bf": "2",
        "x264-params": "open-gop=1",
    },
    "hevc.mp4": {"codec": "libx265", "x265-params": f"keyint=30:{QUIET}"},
    "ten_bit.mov": {
        "codec": "libx265",
        "pix_fmt": "yuv420p10le",
        "x265-params": QUIET,
        "preset": "ultrafast",
    },
    "vp9.webm": {"codec": "libvpx-vp9", "deadline": "realtime", "cpu-used": "8"},
    "av1.mp4": {"codec": "libsvtav1", "preset": "10", "g": "20"},
    "prores.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le"},
    "mpeg2.mpg": {"codec": "mpeg2video", "bf": "2"},
    "mpeg4.avi": {"codec": "mpeg4", "bf": "2"},
    "mjpeg.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "animated.gif": {"codec": "gif", "pix_fmt": "rgb8"},
}
CODECS = {
    "libx264": "h264",
    "libx265": "hevc",
    "libvpx-vp9": "vp9",
    "prores_ks": "prores",
}


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


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Makes, once each, the clip of 75 numbered pictures in a format."""
    folder, done = tmp_path_factory.mktemp("clips"), set()

    def make(name):
        if name not in done:
            pictures = [numbered(index) for index in range(75)]
            write_video(folder / name, pictures, **FORMATS[name])
            done.add(name)
        return folder / name

    return make


@pytest.mark.parametrize("name", FORMATS)
def test_every_common_format_is_read_whole(clips, name):
    facts = probe(clips(name))
    codec = FORMATS[name]["codec"]
    assert facts.codec in (CODECS.get(codec, codec), "libdav1d", "av1", "mpeg2video")
    assert facts.fps == 25.0
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)
    assert facts.num_frames == 75
    assert not (facts.is_variable or facts.is_grey or facts.is_interlaced)
    assert not facts.has_sound
    assert numbers(clips(name)) == list(range(75))


@pytest.mark.parametrize("name", FORMATS)
def test_reading_from_the_middle_is_like_reading_on(clips, name):
    pictures = list(read_frames(clips(name)))
    for start in (1, 40, 74):
        rest = list(read_frames(clips(name), start=start))
        np.testing.assert_array_equal(rest, pictures[start:])


def test_nothing_is_read_from_behind_the_end(clips):
    assert numbers(clips("h264.mp4"), start=75) == []


def test_the_old_names_tell_rate_and_length(clips):
    assert check_video(clips("h264.mp4")) == 25.0
    assert count_frames(clips("h264.mp4")) == 75
