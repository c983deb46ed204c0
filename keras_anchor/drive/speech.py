"""Speech as everyone here hands it on: sound, and the phonemes that fill it."""

import math
from dataclasses import dataclass

import numpy as np

LOUDNESS = 10 ** (-20 / 20)
PEAK = 10 ** (-1 / 20)
# Below this, sound passes a limiter unchanged.
KNEE = 10 ** (-4 / 20)
# Of mirrored sound at both ends while resampling, in least common periods.
PAD_STEPS = 8


@dataclass(frozen=True)
class Phoneme:
    """One sound, from `start` to `end` in seconds.

    `symbol` is IPA as espeak-ng writes it, with stress marks; empty for silence.
    """

    start: float
    end: float
    symbol: str


@dataclass
class Speech:
    """Sound `(num_samples,)` float32 mono in `[-1, 1]`; the phonemes that fill it.

    `text` is what was to be said, where that is known. No phonemes at all means that
    nobody knows them, as of a recording without its text.
    """

    sound: np.ndarray
    sample_rate: int
    phonemes: list
    text: str = ""

    @property
    def seconds(self):
        return len(self.sound) / self.sample_rate

    def padded(self, before, after):
        """The same speech with seconds of silence around it."""
        pads = [round(pad * self.sample_rate) for pad in (before, after)]
        if not self.phonemes:
            # They stay unknown: silence would shut the mouth.
            return Speech(np.pad(self.sound, pads), self.sample_rate, [], self.text)
        silences = [
            Speech(np.zeros(pad, "float32"), self.sample_rate, []) for pad in pads
        ]
        return join([silences[0], self, silences[1]])

    def trimmed(self):
        """The same speech without the silence before and after it."""
        spoken = [i for i, phoneme in enumerate(self.phonemes) if phoneme.symbol]
        if not spoken:
            return self
        kept = self.phonemes[spoken[0] : spoken[-1] + 1]
        first, last = (
            round(seconds * self.sample_rate)
            for seconds in (kept[0].start, kept[-1].end)
        )
        offset, sound = first / self.sample_rate, self.sound[first:last]
        edges = np.clip(
            [[p.start - offset, p.end - offset] for p in kept],
            0.0,
            len(sound) / self.sample_rate,
        )
        # Exactly filled, whatever the samples rounded.
        edges[0, 0], edges[-1, 1] = 0.0, len(sound) / self.sample_rate
        phonemes = [
            Phoneme(float(start), float(end), phoneme.symbol)
            for (start, end), phoneme in zip(edges, kept, strict=True)
        ]
        return Speech(sound, self.sample_rate, phonemes, self.text)


def join(speeches):
    """Speeches one after the other, at the sample rate of the first.

    Where the phonemes of one are unknown, those of all are.
    """
    sample_rate = speeches[0].sample_rate
    phonemes, sounds, num_samples = [], [], 0
    for speech in speeches:
        sound = resample(speech.sound, speech.sample_rate, sample_rate)
        seconds = num_samples / sample_rate
        moved = speech.phonemes or [Phoneme(0.0, len(sound) / sample_rate, "")]
        phonemes += [
            Phoneme(p.start + seconds, p.end + seconds, p.symbol) for p in moved
        ]
        sounds.append(sound)
        num_samples += len(sound)
    phonemes = [phoneme for phoneme in phonemes if phoneme.end > phoneme.start]
    if any(not speech.phonemes and speech.sound.any() for speech in speeches):
        phonemes = []
    text = " ".join(speech.text for speech in speeches if speech.text)
    return Speech(np.concatenate(sounds), sample_rate, merge_silences(phonemes), text)


def resample(sound, from_rate, to_rate):
    """Sound at another sample rate: what the new rate cannot hold is cut off."""
    if from_rate == to_rate or not len(sound):
        return sound
    divisor = math.gcd(from_rate, to_rate)
    step, new_step = from_rate // divisor, to_rate // divisor
    # Mirrored ends, or the Fourier transform would join the last sample to the first;
    # in whole steps, or the new samples would lie between those wanted.
    num_steps = -(-len(sound) // step) + 2 * PAD_STEPS
    before = PAD_STEPS * step
    after = num_steps * step - before - len(sound)
    mode = "reflect" if len(sound) > max(before, after) else "edge"
    spectrum = np.fft.rfft(np.pad(sound, (before, after), mode=mode))
    kept = np.zeros(num_steps * new_step // 2 + 1, "complex128")
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    resampled = np.fft.irfft(kept, num_steps * new_step) * (to_rate / from_rate)
    size = round(len(sound) * to_rate / from_rate)
    return resampled[PAD_STEPS * new_step :][:size].astype("float32")


def merge_silences(phonemes):
    """Neighbouring silences become one."""
    merged = []
    for phoneme in phonemes:
        if merged and not phoneme.symbol and not merged[-1].symbol:
            phoneme = Phoneme(merged.pop().start, phoneme.end, "")
        merged.append(phoneme)
    return merged


def measure_loudness(sound, sample_rate):
    """Root mean square of the speech in the sound, its pauses left out; 0 if silent."""
    size = round(0.02 * sample_rate)
    if len(sound) < size:
        sound = np.pad(sound, (0, size - len(sound)))
    blocks = sound[: len(sound) // size * size].reshape(-1, size)
    # Without a squared copy of what may be an hour.
    powers = np.einsum("ij,ij->i", blocks, blocks) / size
    if not powers.any():
        return 0.0
    return float(np.sqrt(np.mean(powers[powers > 0.05**2 * powers.max()])))


def normalise(sound, sample_rate):
    """Scales sound so that its speech, not its pauses, is as loud as `LOUDNESS`."""
    loudness = measure_loudness(sound, sample_rate)
    return limit(sound * np.float32(LOUDNESS / loudness)) if loudness else sound


def limit(sound):
    """Bends what is louder than `KNEE` so that nothing exceeds `PEAK`."""
    limited = np.array(sound, "float32")
    is_loud = np.abs(limited) > KNEE
    loud, room = limited[is_loud], PEAK - KNEE
    limited[is_loud] = np.sign(loud) * (
        KNEE + room * np.tanh((np.abs(loud) - KNEE) / room)
    )
    return limited
