"""Films from parts: pictures are copied, sound is placed by the sample, encoded once.

So a part that did not change is not encoded again, and however many parts there are,
sound and pictures stay together.
"""

import wave
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from keras_anchor.data.video.containers import import_av
from keras_anchor.files import writing
from keras_anchor.films import CODECS, SOUND_RATE, SYNTHETIC, encode

# At 1080p in half the time of a single film's settings and no larger, 0.15 dB worse.
OPTIONS = {".mp4": {"crf": "15", "preset": "veryfast"}, ".webm": {}}
# How many pictures later than they are decoded some are shown, at most: x264's
# pictures that refer to later ones which others refer to.
DELAYS = {".mp4": 2, ".webm": 0}


@dataclass(frozen=True)
class Part:
    """A stretch of a film, a whole number of frames.

    Args:
        pictures: A film without sound, written by `encode` with the same settings as
            all others.
        sound: Mono 16-bit WAV at `SOUND_RATE`; cut or filled up to the pictures.
        num_frames: How many pictures.
    """

    pictures: Path
    sound: Path
    num_frames: int


def encode_pictures(path, suffix, frames, fps):
    """Writes the pictures of a part, uint8 `(height, width, 3)`."""
    encode(path, suffix, frames, fps, options=OPTIONS[suffix])


def make_rate(fps):
    """Frames a second as the fraction that films are written with."""
    return Fraction(fps).limit_denominator(1001)


def write_sound(path, sound):
    """Writes mono float32 in `[-1, 1]` at `SOUND_RATE` as 16-bit WAV."""
    samples = np.rint(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE)
        file.writeframes(samples.tobytes())


def join_parts(path, parts, fps, chapters=(), comment=SYNTHETIC):
    """Writes a film of parts under a temporary name, and gives it its own when whole.

    Parts are read as they are written, so that memory does not grow with the film.

    Args:
        path: `.mp4` or `.webm`.
        parts: List of `Part`.
        fps: Frames a second, of all of them.
        chapters: `[(seconds, title), ...]` in order.
        comment: What the file says of where it comes from.

    Returns:
        `path`.

    Raises:
        ValueError: If a part is damaged, or was encoded in another way.
    """
    path, av, rate = Path(path), import_av(), make_rate(fps)
    suffix = path.suffix.lower()
    with (
        writing(path) as temporary,
        av.open(
            str(temporary),
            "w",
            format=suffix[1:],
            container_options=CODECS[suffix]["container"],
        ) as film,
    ):
        film.metadata["comment"] = comment
        with av.open(str(parts[0].pictures)) as first:
            video = film.add_stream_from_template(first.streams.video[0])
            extradata = first.streams.video[0].codec_context.extradata
        audio = film.add_stream(CODECS[suffix]["audio"], rate=SOUND_RATE)
        audio.codec_context.layout = "mono"
        audio.codec_context.bit_rate = 128_000
        num_frames = sum(part.num_frames for part in parts)
        if chapters:
            film.set_chapters(make_chapters(chapters, num_frames / rate))
        start = 0
        for part in parts:
            copy_part(film, video, audio, part, start, rate, extradata, DELAYS[suffix])
            start += part.num_frames
        film.mux(audio.encode(None))
    return path


def copy_part(film, video, audio, part, start, rate, extradata, delay):
    """Adds a part's pictures and sound from frame `start` on."""
    av, num_packets = import_av(), 0
    position = round(start / rate * SOUND_RATE)
    with av.open(str(part.pictures)) as source, open_sound(part.sound) as sound:
        picture = source.streams.video[0]
        if picture.codec_context.extradata != extradata:
            raise ValueError(
                f"{part.pictures} was encoded in another way than the parts before. "
                f"Remove the folder {part.pictures.parent} and render again."
            )
        for packet in source.demux(picture):
            if packet.dts is None:
                continue
            # Containers round times to their own clock; frames are whole.
            packet.pts = start + round(packet.pts * packet.time_base * rate)
            packet.dts = start + num_packets - delay
            packet.duration, packet.time_base = 1, 1 / rate
            packet.stream = video
            film.mux(packet)
            num_packets += 1
            # Just as much sound as the pictures so far last.
            end = round((start + num_packets) / rate * SOUND_RATE)
            encode_samples(film, audio, sound(end - position), position)
            position = end
    if num_packets != part.num_frames:
        raise ValueError(
            f"{part.pictures} is damaged: expected {part.num_frames} frames, found "
            f"{num_packets}. Remove the folder {part.pictures.parent} and render again."
        )


@contextmanager
def open_sound(path):
    """A function that reads the next samples, float32 `(count,)`, then silence."""
    with wave.open(str(path), "rb") as file:
        yield lambda count: read_samples(file, count)


def read_samples(file, count):
    samples = np.frombuffer(file.readframes(count), "<i2") / np.float32(32767)
    return np.pad(samples, (0, count - len(samples)))


def encode_samples(film, stream, samples, position):
    av = import_av()
    frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = SOUND_RATE, position
    frame.time_base = Fraction(1, SOUND_RATE)
    film.mux(stream.encode(frame))


def make_chapters(chapters, seconds):
    """Chapters as PyAV takes them; each lasts until the next."""
    ends = [start for start, _ in chapters[1:]] + [float(seconds)]
    return [
        {
            "id": number,
            "start": round(1000 * start),
            "end": round(1000 * end),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": title},
        }
        for number, ((start, title), end) in enumerate(
            zip(chapters, ends, strict=True), 1
        )
    ]
