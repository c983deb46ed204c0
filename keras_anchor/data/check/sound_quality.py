"""What the sound of a clip is like, and whether it goes with the lips."""

from dataclasses import dataclass

import numpy as np

from keras_anchor.data.check.findings import OK, WARNING, Finding

BLOCK_SECONDS = 0.02
# Lags that are tried, in seconds; positive where the sound comes late.
MAX_LAG, LAG_STEP = 0.5, 0.02
# Fewer pictures of a speaking face say nothing certain.
MIN_SPEECH_PICTURES = 60
# The peak of the correlation is clear above the first, and above the second more
# than the mean over all lags.
MIN_CORRELATION, MIN_PEAK = 0.25, 0.15
DYNAMIC_DECIBELS = 40.0
FULL_SCALE = 0.985
# Share of samples; decibels; seconds that nobody minds, and that speaking lips lead by.
MAX_CLIPPED, QUIET, SILENT, MAX_SYNC_LAG = 1e-4, -40.0, -70.0, 0.12


@dataclass
class SoundQuality:
    """What the sound is like.

    Args:
        loudness: Of the louder parts, decibels below full scale.
        clipped: Share of the samples that hit full scale several times in a row.
        lag: Seconds by which the sound comes after the lips, or None where that
            cannot be told.
        correlation: Between lips and loudness at that lag.
    """

    loudness: float
    clipped: float
    lag: float | None
    correlation: float


def measure_sound(sound, sample_rate, gaps, seconds):
    """The `SoundQuality` of mono float32 samples `(n,)` in `[-1, 1]`.

    Args:
        gaps: How far the lips are open in each picture, any unit.
        seconds: When each picture was seen.
    """
    loudness = measure_loudness(sound, sample_rate)
    lag, correlation = find_lag(loudness, np.asarray(gaps), np.asarray(seconds))
    return SoundQuality(
        loudness=float(np.percentile(loudness, 95)),
        clipped=measure_clipping(sound),
        lag=lag,
        correlation=correlation,
    )


def measure_loudness(sound, sample_rate):
    """Decibels below full scale of each `BLOCK_SECONDS`, at least -100."""
    size = round(BLOCK_SECONDS * sample_rate)
    blocks = np.pad(sound, (0, -len(sound) % size)).reshape(-1, size)
    return 20.0 * np.log10(np.maximum(np.sqrt(np.mean(blocks**2, axis=1)), 1e-5))


def measure_clipping(sound):
    """Share of the samples at full scale whose neighbours are there as well."""
    is_full = np.abs(sound) >= FULL_SCALE
    return float((is_full[1:-1] & is_full[:-2] & is_full[2:]).mean())


def find_lag(loudness, gaps, seconds):
    """Seconds by which loudness comes after the opening of the lips.

    Returns:
        The lag of the best correlation, or None if no peak is clear, and the
        correlation there.
    """
    if len(gaps) < MIN_SPEECH_PICTURES or np.std(gaps) < 1e-3:
        return None, 0.0
    loudness = np.maximum(loudness, loudness.max() - DYNAMIC_DECIBELS)
    if np.std(loudness) < 1.0:
        return None, 0.0
    # About as slow as pictures ten times a second can follow.
    window = np.hanning(9) / np.hanning(9).sum()
    loudness = np.convolve(loudness, window, mode="same")
    times = (np.arange(len(loudness)) + 0.5) * BLOCK_SECONDS
    lags = np.arange(-MAX_LAG, MAX_LAG + LAG_STEP / 2, LAG_STEP)
    scores = np.array(
        [
            np.corrcoef(gaps, np.interp(seconds + lag, times, loudness))[0, 1]
            for lag in lags
        ]
    )
    best = int(np.argmax(scores))
    is_inside = 0 < best < len(lags) - 1
    is_clear = scores[best] > max(MIN_CORRELATION, scores.mean() + MIN_PEAK)
    lag = float(round(lags[best], 2)) if is_inside and is_clear else None
    return lag, float(scores[best])


def judge_sound(sound):
    """`Finding` objects about a `SoundQuality`, or about None."""
    if sound is None:
        sentence = (
            "There is no sound. A face can be learned without, but its own voice can't "
            "drive it, and nobody can check the lips against it."
        )
        return [Finding("sound", WARNING, sentence)]
    return [judge_loudness(sound), judge_sync(sound)]


def judge_loudness(sound):
    if sound.clipped > MAX_CLIPPED:
        sentence = (
            f"The sound is clipped in {100 * sound.clipped:.2g} % of its samples. Turn "
            "the microphone down, or move away from it."
        )
    elif sound.loudness < SILENT:
        sentence = "The sound is silence. Choose the right microphone and unmute it."
    elif sound.loudness < QUIET:
        sentence = (
            f"The sound is very quiet ({sound.loudness:.0f} dB, expected {QUIET:.0f} "
            "or more). Move the microphone nearer, or turn it up."
        )
    else:
        sentence = (
            f"The sound is neither clipped nor too quiet ({sound.loudness:.0f} dB)."
        )
        return Finding("sound", OK, sentence)
    return Finding("sound", WARNING, sentence)


def judge_sync(sound):
    if sound.lag is None:
        sentence = "Whether sound and lips go together can't be told from this clip."
        return Finding("sync", OK, sentence)
    if abs(sound.lag) <= MAX_SYNC_LAG:
        return Finding("sync", OK, f"Sound and lips go together ({sound.lag:+.2f} s).")
    side = "after" if sound.lag > 0 else "before"
    sentence = (
        f"The sound comes {abs(sound.lag):.2f} s {side} the lips. Shift it: `ffmpeg -i "
        f"in.mp4 -itsoffset {-sound.lag:.2f} -i in.mp4 -map 0:v -map 1:a -c copy "
        "out.mp4`."
    )
    return Finding("sync", WARNING, sentence)
