"""A user's own recording as `Speech`, with or without its text."""

import warnings
from pathlib import Path

import numpy as np

from keras_anchor.data.check.sound_quality import MAX_CLIPPED, measure_clipping
from keras_anchor.data.video.containers import find_sound, import_av
from keras_anchor.drive.speaking import speak_sentences
from keras_anchor.drive.speech import Speech, normalise, resample
from keras_anchor.drive.voices import alignment, hearing

# What the sound is kept at: its own rate, if that lies between these.
LOWEST_RATE, HIGHEST_RATE = 16000, 48000
SILENT = 10 ** (-60 / 20)
# Below this likeness the words are others, measured: right ones have -0.04 or more and
# wrong ones -0.12 or less; of a few seconds, right ones have at least -0.2.
UNLIKE, UNLIKE_SHORT, LONG_SPEECH = -0.08, -0.4, 8.0


class RecordedVoice:
    """A recording that speaks one text: what is said in it.

    Args:
        path: Any file with sound: wav, mp3, m4a, a film.
        language: A name for `find_voice`, whose phonemes are looked for in the sound;
            by default each script's own.
        reading: `pronunciations` and `skip_unreadable`, as for `speak_sentences`.

    Call `speak(text)` for a `Speech` of the whole recording; without text it has no
    phonemes, and `drive.listening` moves the mouth by the sound alone.

    Raises:
        ValueError: If the file has no sound, or the text takes far more or less time.
    """

    def __init__(self, path, language=None, **reading):
        self.path, self.language, self.reading = Path(path), language, reading
        sound, self.sample_rate = read_recording(path)
        self.sound = normalise(sound, self.sample_rate)

    def speak(self, text=""):
        if not text.strip():
            return Speech(self.sound, self.sample_rate, [])
        heard = resample_long(self.sound, self.sample_rate, hearing.SAMPLE_RATE)
        try:
            phonemes, likeness = alignment.align(
                heard, speak_sentences(text, self.language, **self.reading)
            )
        except alignment.Misfit as misfit:
            raise ValueError(
                f"The text is not what is said in {self.path}: {misfit}. Give the "
                "words of the recording, all of them and no others, or no text."
            ) from None
        seconds = sum(p.end - p.start for p in phonemes if p.symbol)
        expected = UNLIKE if seconds > LONG_SPEECH else UNLIKE_SHORT
        if likeness < expected:
            warnings.warn(
                f"What is said in {self.path} sounds little like the text (likeness "
                f"{likeness:.2f}, expected above {expected}), so the mouth may "
                "be wrong. Give the words of the recording, or no text.",
                stacklevel=2,
            )
        return Speech(self.sound, self.sample_rate, phonemes, text)


def read_recording(path):
    """Sound `(num_samples,)` float32 mono, and its sample rate, of any file with sound.

    All channels are mixed. Warns of sound that is clipped or damaged.

    Raises:
        ValueError: If there is no such file, or nothing to hear in it.
        ModuleNotFoundError: If PyAV is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no sound file {path}.")
    blocks, sample_rate, num_damaged = decode(path)
    sound = np.concatenate(blocks) if blocks else np.zeros(0, "float32")
    is_lost = ~np.isfinite(sound)
    if is_lost.any():
        warnings.warn(
            f"{path} is damaged: {is_lost.sum()} of its samples are no numbers, and "
            "left silent.",
            stacklevel=2,
        )
        sound[is_lost] = 0.0
    if not len(sound):
        raise ValueError(f"The sound of {path} is empty. Record it again.")
    if len(sound) < sample_rate // 10:
        raise ValueError(f"{path} is shorter than 0.1 s. Expected somebody speaking.")
    sound -= sound.mean()
    if np.abs(sound).max() < SILENT:
        raise ValueError(
            f"{path} is silent. Choose the right microphone, unmute it, and record "
            "again."
        )
    peak = np.abs(sound).max()
    clipped = measure_clipping(sound / peak if peak > 1.0 else sound)
    if clipped > MAX_CLIPPED:
        warnings.warn(
            f"{path} is clipped in {100 * clipped:.2g} % of its samples and will sound "
            "harsh. Turn the microphone down, or move away from it, and record again.",
            stacklevel=2,
        )
    if num_damaged:
        warnings.warn(
            f"{path} is damaged: {num_damaged} pieces of its sound are left out.",
            stacklevel=2,
        )
    return sound, sample_rate


def decode(path):
    """Blocks of mono float32 sound, their sample rate, and how many are damaged."""
    av = import_av()
    try:
        container = av.open(str(path))
    except (av.FFmpegError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, av.FFmpegError) else error
        raise ValueError(
            f"{path} holds no sound that can be read ({reason}). Expected a file such "
            "as .wav, .mp3, .m4a or .mp4."
        ) from None
    blocks, num_damaged = [], 0
    with container:
        stream = find_sound(container)
        if stream is None:
            raise ValueError(f"{path} has no sound. Expected a recording of speech.")
        sample_rate = int(np.clip(stream.sample_rate, LOWEST_RATE, HIGHEST_RATE))
        resampler = av.AudioResampler(format="flt", layout="mono", rate=sample_rate)
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    break
                for frame in packet.decode():
                    frame.pts = None
                    blocks += [f.to_ndarray()[0] for f in resampler.resample(frame)]
            except av.FFmpegError:
                num_damaged += 1
        blocks += [f.to_ndarray()[0] for f in resampler.resample(None)]
    return blocks, sample_rate, num_damaged


def resample_long(sound, from_rate, to_rate, seconds=60):
    """As `resample`, minute by minute, so that an hour needs no more memory."""
    size = from_rate * seconds
    parts = [
        resample(sound[first : first + size], from_rate, to_rate)
        for first in range(0, len(sound), size)
    ]
    return np.concatenate(parts)
