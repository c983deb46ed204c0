r"""How well does the network hear? Against known phonemes, voices and real faces.

`python benchmarks/listening.py --corpus corpus/unheard_*.npz --speech talk.wav \
  --footage talk.mp4`

corpus: correlation of each control with what the phonemes say, on voices that training
    never heard (`python -m keras_anchor.drive.listening.speakers` makes them); how
    often lips that must meet do; how far the mouth opens in silences.
speech: a film is made of the sound alone, and a face tracker reads the lips off it:
    correlation with the voice (root of its power from 250 to 1500 Hz) at the best lag;
    the widest opening in silences over 200 ms, but for a tenth of a second at either
    end, in % of the range, and its median over silences.
footage: a face tracker reads jaw and lips off real footage; correlation with what the
    network says of its sound, at the best lag, in frames (positive: the network lags).
cost: milliseconds a hop on one core, and parameters.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
from mouth import EYES, LOWER, MAX_LAG, UPPER, correlate, read_openings

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import SAMPLE_RATE as FILM_RATE
from keras_anchor.data.video.sound import read_sound
from keras_anchor.drive.listening.hearing import LISTENER, Ear, listen
from keras_anchor.drive.listening.outputs import (
    HOP,
    HOPS_PER_SECOND,
    SAMPLE_RATE,
)
from keras_anchor.drive.retarget import press
from keras_anchor.drive.speech import Phoneme
from keras_anchor.drive.text import perform_recording
from keras_anchor.drive.visemes import LONG_SILENCE, mouth_controls
from keras_anchor.files import read_json
from keras_anchor.render import render_film

SHOWN = "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthStretchLeft"
NOSE, CHIN = 6, 152
# What is heard of an open mouth, and the share of the loudest below which is silence.
VOICE, SILENT = (250, 1500), 0.03
# Lips touch where what holds the jaw open and what shuts them nearly agree.
TOUCHING = 0.02


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", nargs="*", default=[], help="voices never heard")
    parser.add_argument("--minutes", type=float, default=3.0, help="of each corpus")
    parser.add_argument("--speech", nargs="*", default=[], help="sound files")
    parser.add_argument("--footage", nargs="*", default=[], help="faces that speak")
    options = parser.parse_args()
    for path in map(Path, options.corpus):
        result = {path.stem: measure_corpus(path, options.minutes)}
        print(json.dumps(result, indent=1))
    for path in options.speech:
        print(json.dumps({Path(path).name: measure_speech(path)}))
    for path in options.footage:
        print(json.dumps({Path(path).name: measure_footage(path)}))
    print(json.dumps({"cost": measure_cost()}))


def measure_corpus(path, minutes):
    said, known, met, parted, seconds = [], [], [], [], 0.0
    notes = read_json(path.with_suffix(".json"))
    jaw, close = ctl.INDEX["jawOpen"], ctl.INDEX["mouthClose"]
    with np.load(path) as sounds:
        for index, note in enumerate(notes):
            sound = sounds[f"arr_{index}"] / np.float32(32768)
            phonemes = [Phoneme(*entry) for entry in note["phonemes"]]
            heard = listen(sound, SAMPLE_RATE, HOPS_PER_SECOND)
            truth = mouth_controls(phonemes, len(heard), HOPS_PER_SECOND)
            said.append(heard)
            known.append(truth)
            opening = heard[:, jaw] - heard[:, close]
            for p in phonemes:
                first, last = round(100 * p.start), round(100 * p.end)
                if p.symbol[:1] in tuple("mbp") and last - first >= 4:
                    met.append(opening[first:last].min() < TOUCHING)
                if (
                    not p.symbol
                    and p.end - p.start > LONG_SILENCE
                    and last < len(heard)
                ):
                    parted += list(heard[first + 10 : last - 10, jaw])
            seconds += len(sound) / SAMPLE_RATE
            if seconds > 60.0 * minutes:
                break
    said, known = np.concatenate(said), np.concatenate(known)
    result = {
        name: round(
            correlate(known[:, ctl.INDEX[name]], said[:, ctl.INDEX[name]], 0), 3
        )
        for name in SHOWN
    }
    lips = [k[:, jaw] - k[:, close] for k in (known, said)]
    wide = np.percentile(said[:, jaw], 99)
    return {
        "minutes": round(seconds / 60, 1),
        **result,
        "opening of lips": round(correlate(*lips, 0), 3),
        "closures": len(met),
        "closures met %": round(100 * float(np.mean(met)), 1),
        "jaw in silence, 95th percentile, % of range": round(
            100 * float(np.percentile(parted, 95) / wide), 2
        )
        if parted
        else None,
    }


def measure_speech(path):
    anchor, fps = load_anchor(), 25
    performance = press(perform_recording(path, fps=fps), anchor.ranges)
    sound, rate = performance.sound, performance.sample_rate
    with tempfile.TemporaryDirectory() as folder:
        film = render_film(anchor, performance, Path(folder, "film.mp4"))
        openings = read_openings(film)
    hertz = np.fft.rfftfreq(len(sound), 1 / rate)
    is_voice = (hertz > VOICE[0]) & (hertz < VOICE[1])
    voice = np.fft.irfft(np.fft.rfft(sound) * is_voice, len(sound))
    blocks = np.array_split(voice, len(openings))
    loudness = [np.mean(block**2) ** 0.25 for block in blocks]
    lags = range(-MAX_LAG, MAX_LAG + 1)
    scores = [correlate(np.array(loudness), openings, lag) for lag in lags]
    blocks = np.array_split(sound, len(openings))
    level = np.array([np.sqrt(np.mean(block**2)) for block in blocks])
    shut, wide = np.percentile(openings, [2, 99])
    shares = 100 * (openings - shut) / (wide - shut)
    silences = find_silences(level < SILENT * np.percentile(level, 95), fps)
    parted = [shares[first:last].max() for first, last in silences]
    return {
        "correlation": round(max(scores), 3),
        "lag": lags[int(np.argmax(scores))],
        "silences": [[first / fps, last / fps] for first, last in silences],
        "widest in silence %": [round(float(share), 1) for share in parted],
    }


def find_silences(is_quiet, fps):
    """`[(first, last), ...]`: frames of silences but for a tenth of a second."""
    edges = np.flatnonzero(np.diff(np.pad(is_quiet.astype(int), 1)))
    margin = round(0.1 * fps)
    return [
        (int(first) + margin, int(last) - margin)
        for first, last in edges.reshape(-1, 2)
        if (last - first) / fps > LONG_SILENCE and last - first > 2 * margin
    ]


def measure_footage(path):
    facts, tracker = probe(path), FaceTracker()
    sound = read_sound(path, facts.seconds)
    heard = listen(sound, FILM_RATE, facts.fps)
    rows = []
    for image in read_frames(path):
        face = tracker(image)
        if face is None:
            rows.append([np.nan] * 3)
            continue
        points = face.landmarks
        eyes = np.linalg.norm(points[EYES[0]] - points[EYES[1]])
        gaps = np.linalg.norm(points[UPPER] - points[LOWER], axis=1).mean() / eyes
        chin = np.linalg.norm(points[NOSE] - points[CHIN]) / eyes
        rows.append([gaps, chin, face.blendshapes[ctl.INDEX["jawOpen"]]])
    seen = np.array(rows)
    size = min(len(seen), len(heard))
    seen, heard = seen[:size], heard[:size]
    seen = np.where(np.isnan(seen), np.nanmedian(seen, 0), seen)
    jaw = heard[:, ctl.INDEX["jawOpen"]]
    lips = jaw - heard[:, ctl.INDEX["mouthClose"]]
    pairs = {
        "lips": (seen[:, 0], lips),
        "chin": (seen[:, 1], jaw),
        "jaw": (seen[:, 2], jaw),
    }
    results = {}
    for name, (truth, guess) in pairs.items():
        lags = range(-MAX_LAG, MAX_LAG + 1)
        scores = [correlate(truth, guess, lag) for lag in lags]
        best = int(np.argmax(scores))
        results[name] = {"correlation": round(scores[best], 3), "lag": lags[best]}
    return results


def measure_cost(num_hops=1000):
    ear = Ear()
    sound = np.random.default_rng(0).normal(0, 0.05, num_hops * HOP).astype("float32")
    ear(sound[: 100 * HOP])
    times = []
    for hop in sound.reshape(-1, HOP):
        began = time.perf_counter()
        ear(hop)
        times.append(1000 * (time.perf_counter() - began))
    facts = read_json(LISTENER.with_suffix(".json"))
    return {
        "median ms a hop": round(float(np.median(times)), 3),
        "99th percentile": round(float(np.percentile(times, 99)), 3),
        "parameters": facts["num_parameters"],
        "bytes": LISTENER.stat().st_size,
    }


if __name__ == "__main__":
    main()
