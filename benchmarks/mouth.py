"""Does the mouth say what is heard? Lips that meet, silences, and sync, off the film.

`python benchmarks/mouth.py en 20`, `python benchmarks/mouth.py zh 20` (a minute each)

Speaks sentences, renders them as `keras-anchor say` does, reads the films back, and
lets the face tracker measure how far the lips stand apart.

An opening counts from what the tracker reads off the face at rest, in % of the range,
which goes up to the widest of all frames.

closures: share of the m, b and p in which the lips touch in at least one frame.
silence: the widest opening in silences over 200 ms, but for a tenth of a second in
    which the lips come and go; and the median over silences.
sync: correlation with the jaw openings that the viseme table gives for the phonemes,
    and the lag in frames at which it is largest, by sentence and over all.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.data.faces import FaceTracker
from keras_anchor.data.video.frames import read_frames
from keras_anchor.drive.moods import find_mood
from keras_anchor.drive.performing import perform_speech
from keras_anchor.drive.retarget import press
from keras_anchor.drive.speaking import speak
from keras_anchor.drive.visemes import LONG_SILENCE, VisemeTable, split_phonemes
from keras_anchor.performance import Performance
from keras_anchor.render import render_film

FPS = 25
MAX_LAG = 6
# Inner edges of the upper and of the lower lip, and the outer corners of the eyes.
UPPER, LOWER, EYES = [82, 13, 312], [87, 14, 317], [33, 263]
# Lips that are this near, in % of the range, touch: off pictures of lips that are shut
# over an open jaw the tracker reads up to 4 % of it.
TOUCHING = 4.0
SENTENCES = {
    "en": (
        "Good evening, and welcome to the news at nine.",
        "The prime minister met business leaders in Berlin on Monday.",
        "Heavy rain has flooded many villages along the coast.",
        "More than a hundred people were moved to safety by boat.",
        "Scientists have found water under the surface of Mars.",
        "Prices of food rose by five percent over the past year.",
        "A new bridge over the river will open to traffic in May.",
        "The home team beat its rival by two goals to one.",
        "Workers at the airport plan to stop work for three days.",
        "Doctors hope that the vaccine will protect small children.",
        "The museum bought back a painting that was stolen in the war.",
        "Both sides promised to keep the peace through the winter.",
        "Fire broke out in an empty factory before midnight.",
        "The company will build a hundred thousand electric cars.",
        "Farmers fear that the dry summer will ruin the harvest.",
        "Her film about the life of a fisherman won first prize.",
        "Parliament votes tomorrow on a bill to cut income tax.",
        "Police are looking for a man in a blue jumper.",
        "Tomorrow will be warm, with a few clouds over the mountains.",
        "That was the news; thank you for watching, and good night.",
    ),
    "zh": (
        "各位观众，晚上好，欢迎收看新闻。",
        "总理今天上午在北京会见了外国客人。",
        "暴雨使沿海的许多村庄被水淹没。",
        "一百多名居民已经乘船转移到安全的地方。",
        "科学家在火星表面下面发现了水。",
        "去年食品价格上涨了百分之五。",
        "跨江的新大桥五月份将正式通车。",
        "主队以二比一打败了老对手。",
        "机场的工人计划罢工三天。",
        "医生希望疫苗能够保护孩子们的健康。",
        "博物馆买回了战争中被偷走的名画。",
        "双方保证在冬天保持和平。",
        "半夜以前，一座空厂房发生了火灾。",
        "这家公司将要生产十万辆电动汽车。",
        "农民担心干旱会毁掉今年的收成。",
        "她拍的一部关于渔民生活的电影得了大奖。",
        "议会明天就减税法案进行表决。",
        "警方正在寻找一名穿蓝色毛衣的男子。",
        "明天天气暖和，山区有少量的云。",
        "今天的新闻就到这里，谢谢收看，再见。",
    ),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", choices=SENTENCES)
    parser.add_argument("number", type=int, nargs="?", default=20, help="of sentences")
    parser.add_argument("--first", type=int, default=0, help="sentences to leave out")
    parser.add_argument("--voice", help="as for `speak`; by default the language's")
    parser.add_argument("--engine", default="espeak")
    parser.add_argument("--mood", default="neutral")
    parser.add_argument("--mouth", type=float, default=1.0, help="how far it opens")
    parser.add_argument("--anchor", help="folder, zip or name")
    options = parser.parse_args()
    anchor, results = load_anchor(options.anchor), []
    with tempfile.TemporaryDirectory() as folder:
        rest = measure_rest(anchor, options.mood, Path(folder, "rest.mp4"))
        last = options.first + options.number
        texts = list(enumerate(SENTENCES[options.language]))[options.first : last]
        for seed, text in texts:
            speech = speak(text, options.voice or options.language, options.engine)
            speech = speech.padded(0.5, 0.7)
            performance = perform_speech(
                speech, FPS, seed, openness=options.mouth, mood=options.mood
            )
            path = Path(folder, f"{seed}.mp4")
            render_film(anchor, press(performance, anchor.ranges), path)
            results.append((speech.phonemes, read_openings(path) - rest))
    print(json.dumps(summarize(results), indent=1))


def read_openings(path):
    """How far the lips stand apart in each frame of a film, in distances of eyes."""
    tracker, openings = FaceTracker(), []
    # The tracker finds the face in the first frame, and measures well from the second.
    tracker(next(read_frames(path)))
    for image in read_frames(path):
        points = tracker(image).landmarks[:, :2]
        gaps = np.linalg.norm(points[UPPER] - points[LOWER], axis=1)
        eyes = np.linalg.norm(points[EYES[0]] - points[EYES[1]])
        openings.append(gaps.mean() / eyes)
    return np.array(openings)


def measure_rest(anchor, mood, path):
    """What the tracker reads off two seconds of a face that only rests."""
    pose = find_mood(mood).expression
    still = Performance(np.tile(pose, (2 * FPS + 1, 1)), FPS)
    render_film(anchor, press(still, anchor.ranges), path)
    return np.median(read_openings(path))


def summarize(results):
    """The figures of `[(phonemes, openings), ...]`."""
    table = VisemeTable()
    together = np.concatenate([openings for _, openings in results])
    wide = together.max()
    met, parted, lags, peaks, pairs = [], [], [], [], []
    for phonemes, openings in results:
        shares = 100.0 * openings / wide
        times = (np.arange(len(openings)) + 0.5) / FPS
        for phoneme in phonemes:
            if phoneme.symbol[:1] in tuple("mbp"):
                frames = slice(int(phoneme.start * FPS), int(phoneme.end * FPS) + 1)
                met.append(shares[frames].min() < TOUCHING)
            if not phoneme.symbol and phoneme.end - phoneme.start > LONG_SILENCE:
                # Lips need a tenth of a second to come and go.
                first = phoneme.start + 0.1 * (phoneme is not phonemes[0])
                last = phoneme.end - 0.1 * (phoneme is not phonemes[-1])
                inside = shares[(times >= first) & (times < last)]
                parted += [inside.max()] if len(inside) else []
        known = known_openings(phonemes, len(openings), table)
        scores = [
            correlate(known, openings, lag) for lag in range(-MAX_LAG, MAX_LAG + 1)
        ]
        lags.append(int(np.argmax(scores)) - MAX_LAG)
        peaks.append(max(scores))
        pairs.append((known, openings))
    return {
        "sentences": len(results),
        "closures": len(met),
        "closures met %": round(100 * float(np.mean(met)), 1),
        "silences": len(parted),
        "widest in silence %": round(float(max(parted)), 2),
        "usual in silence %": round(float(np.median(parted)), 2),
        "sync mean": round(float(np.mean(peaks)), 3),
        "sync worst": round(float(min(peaks)), 3),
        "lags": {lag: lags.count(lag) for lag in sorted(set(lags))},
        "lag of all": sync_all(pairs),
    }


def known_openings(phonemes, num_frames, table):
    """How far each phoneme opens the jaw in the table, averaged over frames."""
    milliseconds = np.zeros(round(num_frames / FPS * 1000))
    for start, end, name, _ in split_phonemes(phonemes, table):
        if name != "rest" and table.seals[name] != 0.0:
            opening = table.shapes[name][ctl.INDEX["jawOpen"]]
            milliseconds[round(start * 1000) : round(end * 1000)] = opening
    return milliseconds.reshape(num_frames, -1).mean(1)


def correlate(known, openings, lag):
    """Of openings `lag` frames late."""
    if lag > 0:
        known, openings = known[:-lag], openings[lag:]
    elif lag < 0:
        known, openings = known[-lag:], openings[:lag]
    return float(np.corrcoef(known, openings)[0, 1])


def sync_all(pairs):
    known, openings = map(np.concatenate, zip(*pairs, strict=True))
    scores = [correlate(known, openings, lag) for lag in range(-MAX_LAG, MAX_LAG + 1)]
    best = int(np.argmax(scores))
    return {"lag": best - MAX_LAG, "correlation": round(scores[best], 3)}


if __name__ == "__main__":
    main()
