"""Does an hour of script hold: time, memory, and sound that stays with the lips?

    python benchmarks/hour.py --minutes 60 --to out/hour

Makes up a script, renders it, and measures the film: where the pictures and the sound
of the first and the last paragraph lie in it. The same again goes on where it stopped.
"""

import argparse
import json
import random
import resource
import time
import wave
from pathlib import Path

import av
import numpy as np

from keras_anchor.film_parts import read_samples
from keras_anchor.films import SOUND_RATE
from keras_anchor.results import describe_seconds
from keras_anchor.script.paragraphs import count_letters
from keras_anchor.script.parse import parse_script
from keras_anchor.script.render import render_script

# Of a minute of speech, its pauses included.
LETTERS_PER_MINUTE = 1000
PLACES = "the harbour", "the old town", "the northern valley", "the city", "the island"
PEOPLE = "the mayor", "two engineers", "a group of students", "the fire brigade"
VERBS = "opened", "repaired", "measured", "painted", "counted", "praised"
THINGS = "a wooden bridge", "the lighthouse", "forty trees", "a small library"
DAYS = "on Monday", "this morning", "last week", "before the rain", "at noon"
ENDINGS = (
    "Nobody was hurt.",
    "It took about {n} hours.",
    "The work cost {n},000 dollars, {m}% less than was planned.",
    "Most people liked what they saw; a few did not.",
    "The next report follows in {n} days.",
)
CHINESE = (
    "大家好，现在播送天气预报。",
    "今天白天多云，气温{n}度，风力不大。",
    "明天有小雨，请大家带好雨伞。",
)
CUES = "", "", "", "[nod] ", "[look left] ", "[pause 0.4] "
MOODS = "neutral", "friendly", "serious", "excited", "sad"


def write_script(minutes, seed=0):
    """A script that lasts about some minutes."""
    rng, blocks, letters = random.Random(seed), [], 0
    while letters < minutes * LETTERS_PER_MINUTE:
        number = len(blocks)
        sentences = [write_sentence(rng) for _ in range(rng.randint(3, 6))]
        if number % 7 == 3:
            numbers = {"n": rng.randint(2, 30)}
            sentences = [sentence.format(**numbers) for sentence in CHINESE]
        block = "".join(f"{rng.choice(CUES)}{sentence} " for sentence in sentences)
        if number % 5 == 1:
            block = f"[mood {rng.choice(MOODS)}] {block}"
        if number % 12 == 0:
            block = f"# Part {number // 12 + 1}\n[lower-third Ada, reporter] {block}"
        if number % 12 == 1:
            block = f"[lower-third] {block}"
        blocks.append(block)
        letters += sum(count_letters(p.text, p.cues) for p in parse_script(block))
    return "\n\n".join([*blocks, "That was the news. Good night, and good luck."])


def write_sentence(rng):
    who, verb, thing, place, day = (
        rng.choice(words) for words in (PEOPLE, VERBS, THINGS, PLACES, DAYS)
    )
    first = f"{who[0].upper()}{who[1:]} {verb} {thing} in {place} {day}."
    ending = rng.choice(ENDINGS).format(n=rng.randint(2, 40), m=rng.randint(1, 30))
    return f"{first} {ending}" if rng.random() < 0.5 else first


def measure_offset(film, part, start, rate):
    """By how many seconds the sound of a part lies after its pictures in a film.

    Args:
        part: Its path without suffix.
        start: Its first frame in the film, as the parts before it are long.
        rate: Frames a second.
    """
    with av.open(f"{part}.mp4") as source:
        # Some way in, where mouth and head move.
        frames = [
            frame.to_ndarray(format="gray")
            for _, frame in zip(range(40), source.decode(video=0), strict=False)
        ]
    looked_for, index = frames[-1], len(frames) - 1
    seconds = find_picture(film, looked_for, (start + index) / rate) - index / rate
    with wave.open(f"{part}.wav") as file:
        sound = read_samples(file, file.getnframes())
    return find_sound(film, sound, seconds) - seconds


def find_picture(film, pixels, seconds):
    """When the frame with these very pixels is seen, near some seconds."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        container.seek(int(max(0, seconds - 5) * av.time_base))
        found = []
        for frame in container.decode(stream):
            difference = np.abs(frame.to_ndarray(format="gray") - pixels.astype("f4"))
            found.append((float(difference.mean()), float(frame.time)))
            if frame.time > seconds + 3:
                break
    return min(found)[1]


def find_sound(film, sound, seconds):
    """When a sound is heard, within a second of some time."""
    before, (first, heard) = 1.0, read_sound(film, seconds - 2, len(sound) + 5)
    low = max(0, round((seconds - before - first) * SOUND_RATE))
    window = heard[low : low + len(sound) + round(2 * before * SOUND_RATE)]
    size = 1 << (len(window) + len(sound)).bit_length()
    spectrum = np.fft.rfft(window, size) * np.conj(np.fft.rfft(sound, size))
    lags = np.fft.irfft(spectrum, size)[: round(2 * before * SOUND_RATE)]
    return first + (low + int(np.argmax(lags))) / SOUND_RATE


def read_sound(film, start, num_samples):
    """When the samples begin that were read, and at least `num_samples` of them."""
    parts, first = [], None
    with av.open(str(film)) as container:
        container.seek(int(max(0, start) * av.time_base))
        for frame in container.decode(audio=0):
            first = float(frame.time) if first is None else first
            parts.append(frame.to_ndarray()[0])
            if (float(frame.time) - first) * SOUND_RATE > num_samples + 8 * SOUND_RATE:
                break
    return first, np.concatenate(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--to", default="out/hour", help="folder to fill")
    parser.add_argument("--format", default="1:1")
    parser.add_argument("--fps", type=float, default=25.0)
    parser.add_argument("--anchor", help="folder, zip or name")
    parser.add_argument("--engine", default="espeak")
    options = parser.parse_args()
    folder = Path(options.to)
    folder.mkdir(parents=True, exist_ok=True)
    script, film = folder / "hour.txt", folder / "hour.mp4"
    script.write_text(write_script(options.minutes), encoding="utf-8")
    parts_folder = folder / ".hour.mp4.parts"
    num_before = len(list(parts_folder.glob("*.json")))
    begun, parts = time.monotonic(), []

    def progress(stage, count, total):
        parts.append((count, total))
        if count % 20 == 0 or count == total:
            elapsed = describe_seconds(time.monotonic() - begun)
            print(f"{stage} {count}/{total} after {elapsed}", flush=True)

    render_script(
        script,
        film,
        anchor=options.anchor,
        format=options.format,
        fps=options.fps,
        engine=options.engine,
        captions=("srt", "vtt"),
        performance=folder / "hour.csv",
        progress=progress,
    )
    wall = time.monotonic() - begun
    usage = [
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    cpu = sum(use.ru_utime + use.ru_stime for use in usage)
    with av.open(str(film)) as container:
        num_frames = container.streams.video[0].frames
        seconds = {
            stream.type: float(stream.duration * stream.time_base)
            for stream in container.streams
            if stream.type in ("audio", "video")
        }
    report = {
        "minutes": seconds["video"] / 60,
        "frames": num_frames,
        "parts": parts[-1][1],
        "parts found": num_before,
        "wall minutes": wall / 60,
        "real-time factor": wall / seconds["video"],
        "processor seconds a second of film": cpu / seconds["video"],
        "peak memory in GB": sum(use.ru_maxrss for use in usage) / 1e6,
        "film in MB": film.stat().st_size / 1e6,
        "parts in MB": sum(p.stat().st_size for p in parts_folder.iterdir()) / 1e6,
        "sound longer than pictures in ms": 1000
        * (seconds["audio"] - seconds["video"]),
    }
    for name, milliseconds in measure_drift(film, parts_folder, options.fps).items():
        report[f"sound after pictures in ms, {name} part"] = milliseconds
    text = json.dumps(
        {name: round(value, 3) for name, value in report.items()}, indent=1
    )
    (folder / "report.json").write_text(text + "\n")
    print(text)


def measure_drift(film, parts_folder, fps):
    """Sound against pictures in milliseconds, at the first and the last part."""
    notes = [
        (path, json.loads(path.read_text())) for path in parts_folder.glob("*.json")
    ]
    with av.open(str(film)) as container:
        num_frames = container.streams.video[0].frames
    last = next(p for p, n in notes if "Good night, and" in json.dumps(n["notes"]))
    length = json.loads(last.read_text())["num_frames"]
    first = next(p for p, n in notes if n["notes"]["chapters"][:1] == [[0.0, "Part 1"]])
    starts = {"first": (first, 0), "last": (last, num_frames - length)}
    return {
        name: 1000 * measure_offset(film, path.with_suffix(""), start, fps)
        for name, (path, start) in starts.items()
    }


if __name__ == "__main__":
    main()
