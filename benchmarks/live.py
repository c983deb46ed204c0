"""How soon the anchor answers, how soon it stops, and whether it keeps 25 frames.

    python benchmarks/live.py [--anchor ANCHOR] [--engine espeak]

Twenty texts, half English, half Mandarin, each answered and drawn as in a window, with
a sink that takes the sound in real time, as a sound device does, and drops it. Each is
broken off after a second of speech.

- first frame: from the text's arrival to its first frame on the screen.
- sound stops: from the interruption to the end of the last block that is not silent.
- mouth shut: from the interruption to the first frame on the screen whose jaw is open
  by less than 2 %, and stays so.
- voice stops: from the first loud sample in the microphone, over headphones and with a
  room's noise, to the end of the last block that is not silent.
- frames kept: those that were drawn in time, of all.
"""

import argparse
import functools
import itertools
import os
import threading
import time

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor
from keras_anchor.conversation.hearing import (
    BLOCK_SIZE,
    LEARNT_BLOCKS,
    SAMPLE_RATE,
    Hearing,
)
from keras_anchor.conversation.journal import Journal
from keras_anchor.conversation.pictures import Pictures
from keras_anchor.conversation.rehearsal import warm_up
from keras_anchor.conversation.sounds import SilentClock
from keras_anchor.conversation.stage import BLOCK_SECONDS, FPS, Stage
from keras_anchor.conversation.talk import Talk
from keras_anchor.drive.performing import Performer
from keras_anchor.drive.speaking import speak_sentences
from keras_anchor.drive.speech import resample
from keras_anchor.render import Renderer, make_background

TEXTS = [
    "Good evening, and welcome to the news.",
    "The library is open from nine in the morning until seven in the evening.",
    "Membership is free for residents of the town, and everybody else pays twelve "
    "euros a year, which includes films, games and the reading room on the top floor.",
    "Yes.",
    "On 3 May 2024, 1,250 people came, 12 % more than in the year before.",
    "Printers stand on the first floor. A page costs ten cents, in colour thirty.",
    "Please bring an identity card and proof of your address to the desk.",
    "The weather: rain in the north, sunshine in the south, and wind on the coast.",
    "Nobody has answered that question yet, although many people have tried to.",
    "Thank you for watching, and see you again tomorrow at the same time.",
    "晚上好，欢迎收看新闻。",
    "图书馆周二到周六早上九点到晚上七点开放，周日和周一闭馆。",
    "本市居民免费，其他读者每年十二欧元，可以借书、借影片，也可以使用顶楼的阅览室。",
    "可以。",
    "2024年5月3日，一共来了1250人，比去年多12%。",
    "打印机和复印机在二楼。黑白每页十分。彩色每页三十分。",
    "请带上身份证和住址证明到服务台，五分钟就能办好。",
    "北方有雨，南方晴天，沿海有大风，请大家出门带好雨具。",
    "这个问题还没有人回答过，虽然很多人都试过。",
    "谢谢大家收看，明天同一时间再见。",
]
SPOKEN_SECONDS, JAW = 1.0, ctl.INDEX["jawOpen"]
LIMITS = {"first frame": 300, "sound stops": 200, "mouth shut": 200, "voice stops": 200}


class Reader:
    """Answers each question with itself: what is measured is the speaking."""

    def answer(self, question, history):
        yield question


class Nobody:
    """Recognises nothing: what is measured is the stopping."""

    def recognise(self, sound, sample_rate):
        return ""


class Rig:
    """All of a talk but the devices, for which it stands itself.

    Attributes:
        shown: `[(seconds, due, jaw), ...]` of the frames on the screen.
        heard: `[(seconds, peak), ...]` of the blocks of sound, when each was over.
    """

    def __init__(self, anchor, engine, num_threads):
        self.shown, self.heard, self.jaw = [], [], 0.0
        self.renderer = Renderer(anchor, num_threads)
        speak = functools.partial(speak_sentences, engine=engine)
        self.stage = Stage(Performer(fps=FPS), anchor.ranges, warm_up(speak))
        self.clock = SilentClock(self.hear)
        self.talk = Talk(Reader(), self.stage, speak, Journal())
        self.pictures = Pictures(self.draw, make_background(anchor.size), window=self)

    def hear(self, delay):
        block = self.stage.next_block(delay)
        self.heard.append((time.monotonic() + BLOCK_SECONDS, np.abs(block).max()))

    def draw(self, controls):
        self.jaw = float(controls[JAW])
        return self.renderer(controls)

    def show(self, pixels, due):
        time.sleep(max(0.0, due - time.monotonic()))
        self.shown.append((time.monotonic(), due, self.jaw))
        return True

    def start(self):
        self.stage.start()
        self.clock.start()
        self.talk.start()
        threading.Thread(
            target=self.pictures.show,
            args=(self.stage.shown, self.talk.over.is_set),
            daemon=True,
        ).start()
        time.sleep(1.0)

    def measure(self, text):
        """Milliseconds to the first frame, to silence and to a shut mouth."""
        asked = time.monotonic()
        self.talk.ask(text)
        while not (self.talk.turn and self.talk.turn.utterances):
            time.sleep(0.005)
        first = self.talk.turn.utterances[0]
        while not first.started:
            time.sleep(0.005)
        time.sleep(min(SPOKEN_SECONDS, 0.6 * first.speech.seconds))
        cut = time.monotonic()
        self.talk.interrupt()
        time.sleep(1.0)
        seen = next(t for t, due, _ in self.shown if due >= first.started)
        loud = [t for t, peak in self.heard if t > cut and peak > 1e-3]
        open_ = [t for t, _, jaw in self.shown if t > cut and jaw > 0.02]
        later = [t for t, *_ in self.shown if t > max([cut, *open_])]
        ends = seen - asked, max([cut, *loud]) - cut, later[0] - cut
        return [1000.0 * seconds for seconds in ends]

    def measure_voice(self, text, question):
        """Milliseconds from somebody's voice to silence, mono at 16 kHz.

        The anchor has spoken before, so that it knows its own echo.
        """
        noise = np.random.default_rng(0).normal(0.0, 1e-4, SAMPLE_RATE * 60)
        microphone = noise.astype("float32").reshape(-1, BLOCK_SIZE)
        begun, starts = threading.Event(), []

        def blocks():
            due, place = time.monotonic(), 0
            for block in microphone:
                if begun.is_set() and place < len(question):
                    part = question[place : place + BLOCK_SIZE]
                    if np.abs(part).max() > 0.01:
                        starts.append(time.monotonic() - BLOCK_SECONDS)
                    block[: len(part)] += part
                    place += BLOCK_SIZE
                yield block
                due += BLOCK_SECONDS
                time.sleep(max(0.0, due - time.monotonic()))
                if begun.is_set() and not self.talk.is_answering:
                    return

        hearing = Hearing(blocks(), Nobody(), self.talk, barge_in=True)
        self.talk.ask(text)
        hearing.start()
        while hearing.echo.num_learnt <= LEARNT_BLOCKS:
            time.sleep(0.02)
        begun.set()
        hearing.thread.join()
        time.sleep(0.3)
        loud = [t for t, peak in self.heard if t > starts[0] and peak > 1e-3]
        return 1000.0 * (max([starts[0], *loud]) - starts[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--anchor", help="folder, zip or name; by default the shipped")
    parser.add_argument("--engine", default="espeak")
    parser.add_argument("--threads", type=int, default=2, help="to draw with")
    options = parser.parse_args()
    rig = Rig(load_anchor(options.anchor), options.engine, options.threads)
    rig.start()
    rows = np.array([rig.measure(text) for text in TEXTS])
    long = [text for text in TEXTS if len(text.encode()) > 65]
    voices = []
    for text, question in zip(long, itertools.cycle(TEXTS), strict=False):
        spoken = next(iter(speak_sentences(question)))
        sound = resample(spoken.sound, spoken.sample_rate, SAMPLE_RATE)
        voices.append(rig.measure_voice(text, sound))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{os.cpu_count()} cores, load {load:.1f}; {options.engine}; milliseconds")
    print(f"{'':<14}{'median':>8}{'worst':>8}{'limit':>8}{'worst/limit':>13}")
    columns = [*rows.T, np.array(voices)]
    for (name, limit), column in zip(LIMITS.items(), columns, strict=True):
        median, worst = np.median(column), column.max()
        print(f"{name:<14}{median:8.0f}{worst:8.0f}{limit:8d}{worst / limit:13.2f}")
    print(f"slowest text: {TEXTS[int(np.argmax(rows[:, 0]))]}")
    drawn, late = rig.pictures.num_drawn, rig.pictures.num_late
    print(f"frames kept   {drawn / (drawn + late):8.1%} of {drawn + late}, ", end="")
    print(f"{rig.stage.num_held} of {rig.stage.num_frames} not ready in time")


if __name__ == "__main__":
    main()
