import json
import time

import numpy as np
import pytest

from keras_anchor.controls import HIGH, INDEX, LOW, NAMES
from keras_anchor.drive.cues import Cue
from keras_anchor.drive.idle import Blinks
from keras_anchor.drive.moods import MOODS_PATH, MoodTimeline, load_moods
from keras_anchor.drive.performing import Performer, perform_speech
from keras_anchor.drive.speech import Phoneme, Speech, merge_silences

FPS, RATE = 25, 8000
MOODS = pytest.mark.parametrize("mood", load_moods())
JAW, CLOSE = INDEX["jawOpen"], INDEX["mouthClose"]
LIDS = [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]
GAZE = [index for name, index in INDEX.items() if name.startswith("eye")]
HEAD = [INDEX["headYaw"], INDEX["headPitch"], INDEX["headRoll"]]
MOUTH = [index for name, index in INDEX.items() if name.startswith(("jaw", "mouth"))]
PARTING = [
    index
    for name, index in INDEX.items()
    if name.startswith(("mouthLowerDown", "mouthUpperUp", "mouthFunnel"))
]


def make_speech(*symbols, seconds=0.12, before=0.4, after=0.6, text=""):
    """Tones for sounds; silence around them and wherever a symbol is empty."""
    edges = before + seconds * np.arange(len(symbols) + 1)
    phonemes = [Phoneme(0.0, before, "")] if before else []
    phonemes += [
        Phoneme(start, end, symbol)
        for start, end, symbol in zip(edges, edges[1:], symbols, strict=False)
    ]
    if after:
        phonemes.append(Phoneme(edges[-1], edges[-1] + after, ""))
    times = np.arange(round(phonemes[-1].end * RATE)) / RATE
    sound = np.zeros(len(times), "float32")
    for phoneme in phonemes:
        if phoneme.symbol:
            is_inside = (times >= phoneme.start) & (times < phoneme.end)
            sound[is_inside] = 0.3 * np.sin(1000.0 * times[is_inside])
    return Speech(sound, RATE, merge_silences(phonemes), text)


@pytest.fixture
def speech():
    words = ["ˈɑː", "m", "ə", "t", "ˈiː", "b", "ˌoʊ", "f", "ˈaʊ", "p", "s", "ə"]
    return make_speech(*words, *words, *words)


def gap(controls):
    """What is open between the lips."""
    return controls[:, JAW] - controls[:, CLOSE] + controls[:, PARTING].sum(1)


def test_frames_and_sound_are_as_long_as_the_speech(speech):
    for fps in (24, 25, 29.97, 60):
        performance = perform_speech(speech, fps)
        assert len(performance.controls) == int(np.ceil(speech.seconds * fps - 1e-9))
        assert len(performance.sound) == round(performance.seconds * RATE)
        np.testing.assert_array_equal(
            performance.sound[: len(speech.sound)], speech.sound
        )


@MOODS
def test_controls_stay_in_their_ranges(mood, speech):
    cues = [Cue(0.5, "look", "left"), Cue(1.0, "nod"), Cue(1.2, "look", "down")]
    controls = perform_speech(speech, mood=mood, cues=cues).controls
    assert np.isfinite(controls).all()
    assert ((controls >= LOW) & (controls <= HIGH)).all()


@MOODS
def test_lips_meet_and_rest_in_every_mood(mood, speech):
    controls = perform_speech(speech, mood=mood).controls
    for phoneme in speech.phonemes:
        if phoneme.symbol in ("m", "b", "p"):
            frames = slice(int(phoneme.start * FPS), int(np.ceil(phoneme.end * FPS)))
            assert gap(controls)[frames].min() < 1e-3
    times = (np.arange(len(controls)) + 0.5) / FPS
    last = speech.phonemes[-1].start
    is_silent = (times < 0.3) | (times > last + 0.1)
    np.testing.assert_allclose(gap(controls)[is_silent], 0.0, atol=1e-6)


def test_same_seed_same_performance(speech):
    first, again = perform_speech(speech, seed=1), perform_speech(speech, seed=1)
    np.testing.assert_array_equal(first.controls, again.controls)
    other = perform_speech(speech, seed=2)
    assert not np.allclose(first.controls[:, HEAD], other.controls[:, HEAD])


def test_other_rates_are_the_same_performance(speech):
    cues = [Cue(0.6, "look", "up"), Cue(1.0, "mood", "sad"), Cue(2.0, "nod")]
    slow = perform_speech(speech, 25, mood="excited", cues=cues).controls
    fast = perform_speech(speech, 125, mood="excited", cues=cues).controls[2::5]
    size = min(len(slow), len(fast))
    others = [i for i in range(len(NAMES)) if i not in MOUTH]
    np.testing.assert_allclose(slow[:size, others], fast[:size, others], atol=1e-5)


@MOODS
def test_seamless_ends_are_the_face_at_rest(mood, speech):
    abrupt = make_speech("ˈɑː", "m", "ˈɑː", before=0.0, after=0.0)
    short = make_speech(before=0.05, after=0.0)
    ends = [
        perform_speech(s, fps, seed, mood=mood, seamless=True).controls[[0, -1]]
        for seed, s in enumerate((speech, abrupt, short))
        for fps in (25, 30)
    ]
    ends = np.concatenate(ends)
    np.testing.assert_allclose(ends, np.broadcast_to(ends[0], ends.shape), atol=1e-6)
    assert ends[0, INDEX["breath"]] == 0.0
    assert gap(ends).max() == 0.0
    expression = load_moods()[mood].expression
    rest = [index for index in range(len(NAMES)) if index not in GAZE]
    np.testing.assert_allclose(ends[0, rest], expression[rest], atol=1e-6)


def test_seamless_ends_in_the_last_mood(speech):
    cues = [Cue(1.0, "mood", "sad"), Cue(speech.seconds, "mood", "friendly")]
    both = perform_speech(speech, mood="serious", cues=cues, seamless=True).controls
    for frame, mood in ((0, "serious"), (-1, "friendly")):
        rest = perform_speech(speech, seed=7, mood=mood, seamless=True).controls[0]
        np.testing.assert_allclose(both[frame], rest, atol=1e-6)
    assert np.abs(np.diff(both[:, INDEX["mouthSmileLeft"]])).max() < 0.1


def test_seamless_does_not_jump(speech):
    controls = perform_speech(speech, seed=3, seamless=True).controls
    assert np.abs(np.diff(controls[:, HEAD], axis=0)).max() < 0.02
    lids = controls[:, LIDS[0]]
    assert lids[0] == lids[-1] < 0.1


def test_moods_change_in_about_half_a_second():
    still = make_speech(before=2.0, after=0.0)
    cues = [Cue(1.0, "mood", "friendly")]
    column = perform_speech(still, 100, cues=cues).controls[:, INDEX["cheekSquintLeft"]]
    low, high = column[0], column[-1]
    assert high > low + 0.2
    is_between = (column > low + 0.01) & (column < high - 0.01)
    assert 0.3 < is_between.sum() * 0.01 < 0.6
    assert column[99] == low


def test_breath_changes_its_pace_without_a_jump():
    moods = MoodTimeline("sad")
    moods.change(10.0, "excited")
    times = np.arange(0.0, 20.0, 0.01)
    pace = 60.0 * np.diff(moods.count_breaths(times)) / 0.01
    numbers = load_moods()["sad"].numbers, load_moods()["excited"].numbers
    expected = [number["breaths_per_minute"] for number in numbers]
    np.testing.assert_allclose(pace[[0, -1]], expected, rtol=1e-6)
    assert np.abs(np.diff(pace)).max() < 0.5


def test_moods_colour_all_of_a_performance(speech):
    def measure(mood):
        still = make_speech(before=120.0, after=0.0)
        controls = perform_speech(still, mood=mood).controls
        blinks = np.diff((controls[:, LIDS[0]] > 0.5).astype(int)) > 0
        return np.std(controls[:, HEAD[0]]), blinks.sum()

    (sad_sway, _), (excited_sway, excited_blinks) = measure("sad"), measure("excited")
    assert excited_sway > 2.0 * sad_sway
    assert excited_blinks > measure("serious")[1]


@pytest.mark.parametrize(
    ("value", "control", "sign"),
    [
        ("left", "headYaw", 1),
        ("right", "headYaw", -1),
        ("up", "headPitch", 1),
        ("down", "headPitch", -1),
    ],
)
def test_looks_lead_with_the_eyes_and_return(value, control, sign):
    still = make_speech(before=6.0, after=0.0)
    there = perform_speech(still, 100, cues=[Cue(2.0, "look", value)]).controls
    plain = perform_speech(still, 100).controls
    head = sign * (there - plain)[:, INDEX[control]]
    names = {
        "left": "eyeLookOutLeft",
        "right": "eyeLookInLeft",
        "up": "eyeLookUpLeft",
        "down": "eyeLookDownLeft",
    }
    eyes = (there - plain)[:, INDEX[names[value]]]
    assert not head[:200].any()
    assert eyes[208] > 0.3
    assert head[208] < 0.01
    assert head[280:340].min() > 0.07
    assert eyes[208] > 1.5 * eyes[300]
    np.testing.assert_allclose(head[420:], 0.0, atol=1e-6)
    np.testing.assert_allclose(eyes[420:], 0.0, atol=1e-3)


def test_a_look_stays_until_the_next():
    still = make_speech(before=6.0, after=0.0)
    cues = [Cue(1.0, "look", "left"), Cue(2.0, "look", "right")]
    yaw = perform_speech(still, cues=cues).controls[:, INDEX["headYaw"]]
    assert yaw[48] > 0.05
    assert yaw[73] < -0.05
    soon = [Cue(1.0, "look", "left"), Cue(1.5, "look", "camera")]
    plain = perform_speech(still).controls[:, INDEX["headYaw"]]
    yaw = perform_speech(still, cues=soon).controls[:, INDEX["headYaw"]]
    np.testing.assert_allclose(yaw[55:], plain[55:], atol=1e-6)


def test_nods_when_asked():
    still = make_speech(before=3.0, after=0.0)
    nod = perform_speech(still, cues=[Cue(1.0, "nod")]).controls
    nod = (nod - perform_speech(still).controls)[:, INDEX["headPitch"]]
    assert nod.min() < -0.06
    assert 1.1 < (nod.argmin() + 0.5) / FPS < 1.4
    assert not nod[:25].any()
    np.testing.assert_allclose(nod[45:], 0.0, atol=1e-6)


def test_brows_ask_questions():
    words = ["d", "uː", "j", "uː", "n", "oʊ"]
    brows = [
        perform_speech(make_speech(*words, text=text)).controls[:, INDEX["browInnerUp"]]
        for text in ("You know?", "You know.")
    ]
    assert (brows[0] - brows[1]).max() > 0.1


def test_blinks_wait_for_pauses():
    words = ["ə", "l", "ə", "l", "ə", "l", "ə", "l", "ə", "l", "", "", "", ""] * 40
    speech = make_speech(*words, seconds=0.15)
    times = (np.arange(int(speech.seconds * FPS)) + 0.5) / FPS
    is_pause = np.zeros(len(times), bool)
    for phoneme in speech.phonemes:
        if not phoneme.symbol:
            is_pause |= (times >= phoneme.start) & (times < phoneme.end + 0.2)
    shares = []
    for seed in range(6):
        lids = perform_speech(speech, seed=seed).controls[: len(times), LIDS[0]]
        starts = np.flatnonzero((lids[1:] > 0.5) & (lids[:-1] <= 0.5)) + 1
        shares.append(is_pause[starts].mean())
    assert np.mean(shares) > is_pause.mean() + 0.1


def test_sound_without_phonemes_is_listened_to(monkeypatch, speech):
    pytest.importorskip("keras_anchor.drive.listening.hearing")
    heard = np.zeros((len(perform_speech(speech).controls), len(NAMES)), "float32")
    heard[20:30, JAW] = 0.3
    monkeypatch.setattr(
        "keras_anchor.drive.listening.hearing.listen", lambda *_, **__: heard
    )
    unknown = Speech(speech.sound, RATE, [])
    controls = perform_speech(unknown, mood="serious", openness=0.5).controls
    expected = 0.5 * load_moods()["serious"].numbers["openness"] * 0.3
    np.testing.assert_allclose(controls[20:30, JAW], expected, rtol=1e-5)
    assert not controls[:20, JAW].any()


def test_nothing_to_perform_is_no_frames():
    nothing = Speech(np.zeros(0, "float32"), RATE, [])
    assert perform_speech(nothing, seamless=True).controls.shape == (0, len(NAMES))
    performer = Performer()
    assert performer.speak(nothing).shape == (0, len(NAMES))
    assert performer.idle(3).shape == (3, len(NAMES))


def test_who_reads_blinks_less_often():
    mood_at = MoodTimeline("neutral").at
    times = np.arange(0.0, 3000.0, 0.04)
    intervals = []
    for spoken in ([], [(0.0, 3000.0)]):
        blinks = Blinks(np.random.default_rng(0), 3.0)
        lids = blinks(times, mood_at, spoken)
        starts = np.flatnonzero((lids[1:] > 0.5) & (lids[:-1] <= 0.5))
        intervals.append(np.median(np.diff(starts)))
        logarithms = np.log(np.diff(starts * 0.04))
        assert 0.3 < logarithms[logarithms > 0.3].std() < 0.6
    assert intervals[1] > 1.15 * intervals[0]


def test_loud_moments_are_stresses_where_nobody_knows_the_phonemes():
    from keras_anchor.drive.beats import find_beats

    times = np.arange(10 * RATE) / RATE
    level = np.exp(-(((times[:, None] - [2.0, 5.0, 8.0]) / 0.15) ** 2)).sum(1)
    sound = (level * np.sin(1000.0 * times)).astype("float32")
    beats, pauses = find_beats(Speech(sound, RATE, []))
    np.testing.assert_allclose(beats, [2.0, 5.0, 8.0], atol=0.1)
    assert len(pauses) == 3
    assert find_beats(Speech(np.zeros(RATE, "float32"), RATE, [])) == ([], [])
    assert find_beats(Speech(np.zeros(0, "float32"), RATE, [])) == ([], [])


def test_performer_gives_the_same_in_pieces():
    one, other = Performer(seed=4), Performer(seed=4)
    pieces = np.concatenate([other.idle(size) for size in (1, 1, 30, 0, 7, 211)])
    np.testing.assert_array_equal(one.idle(250), pieces)


def test_performer_never_jumps(speech):
    performer, parts = Performer(seed=2, mood="friendly"), []
    abrupt = make_speech("ˈɑː", "l", "ˈɑː", before=0.0, after=0.0)
    for index in range(8):
        parts.append(performer.idle(5 * index))
        parts.append(performer.speak(abrupt if index % 2 else speech))
    parts.append(performer.idle(300))
    steps = np.abs(np.diff(np.concatenate(parts), axis=0))
    assert steps[:, HEAD].max() < 0.02
    assert steps[:, JAW].max() < 0.3
    smile = INDEX["mouthSmileLeft"]
    assert steps[:, smile].max() < 0.2
    assert steps[:, INDEX["breath"]].max() < 0.15


@pytest.mark.parametrize("num_shown", [0, 1, 13, 14, 15, 40])
def test_an_interrupted_mouth_shuts_at_once_without_a_jump(num_shown, speech):
    performer = Performer(seed=3)
    before = performer.idle(20)
    spoken = performer.speak(speech, [Cue(3.0, "mood", "sad")])
    performer.cut(spoken[:num_shown])
    after = performer.idle(200)
    whole = np.concatenate([before, spoken[:num_shown], after])
    assert gap(after)[2:].max() < 1e-6
    cut = len(whole) - len(after)
    steps = np.abs(np.diff(whole, axis=0))[cut - 1 : cut + 40]
    assert steps[:, HEAD].max() < 0.02
    assert steps[:, JAW].max() < 0.2
    assert after[:, INDEX["mouthFrownLeft"]].max() < 0.05
    again = performer.speak(speech)
    assert again[:, JAW].max() > 0.25


def test_nobody_nods_to_what_was_cut(speech):
    cut, silent = Performer(seed=3), Performer(seed=3)
    spoken = cut.speak(speech, [Cue(2.0, "nod")])
    cut.cut(spoken[:10])
    silent.idle(10)
    nods = (cut.idle(150) - silent.idle(150))[:, INDEX["headPitch"]]
    np.testing.assert_allclose(nods[25:], 0.0, atol=1e-6)


def test_pressed_lips_and_smiles_yield_to_sounds():
    serious = make_speech("ˈɑː", seconds=0.5)
    press = INDEX["mouthPressLeft"]
    controls = perform_speech(serious, mood="serious").controls
    assert controls[0, press] > 0.1
    assert controls[int(0.65 * FPS), press] < 0.01
    smile = INDEX["mouthSmileLeft"]
    ooh, ah = (
        perform_speech(make_speech(symbol, seconds=0.5), mood="friendly").controls
        for symbol in ("ˈuː", "ˈɑː")
    )
    middle = int(0.65 * FPS)
    assert ooh[middle, smile] < 0.6 * ah[middle, smile]


def test_performer_changes_its_mood():
    performer = Performer()
    performer.idle(10)
    performer.feel("friendly")
    smile = performer.idle(50)[:, INDEX["mouthSmileLeft"]]
    assert smile[0] < 0.2 < smile[20:].min()


def test_a_second_costs_milliseconds():
    performer, seconds = Performer(), []
    performer.speak(make_speech("ˈɑː", "m"))
    for _ in range(10):
        start = time.perf_counter()
        performer.idle(FPS)
        performer.speak(make_speech("ˈɑː", "m", before=0.3, after=0.4))
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.02


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mood": "angry"}, "Unknown mood 'angry'. Known: neutral, friendly, serious"),
        ({"openness": -1}, "openness of the mouth from 0 to 3, received -1"),
        ({"openness": float("nan")}, "openness of the mouth from 0 to 3, received nan"),
        ({"fps": 0}, "Expected 1 to 240 frames a second"),
        ({"cues": [Cue(0, "look", "back")]}, "Unknown look 'back'. Known: left, right"),
        ({"cues": [Cue(0, "jump")]}, "Unknown cue 'jump'. Known: mood, look, nod"),
        ({"cues": [Cue(-1, "nod")]}, "a cue at 0 seconds or later, received -1"),
        ({"cues": [Cue(0, "mood", "odd")]}, "Unknown mood 'odd'"),
        ({"cues": [Cue(0, "nod", "twice")]}, "a nod without a value, received 'twice'"),
    ],
)
def test_rejects_what_nobody_can_perform(settings, message, speech):
    with pytest.raises(ValueError, match=message):
        perform_speech(speech, **settings)


def write_moods(folder, key, value):
    """A copy of the moods in which one entry of the neutral one is another."""
    moods = json.loads(MOODS_PATH.read_text())
    if value is None:
        del moods["moods"]["neutral"][key]
    else:
        moods["moods"]["neutral"][key] = value
    (folder / "moods.json").write_text(json.dumps(moods))
    return folder / "moods.json"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("expression", {"jawOpen": 0.2}, r"may not use \['jawOpen'\]: lips rest shut"),
        ("expression", {"grin": 0.2}, r"Unknown controls \['grin'\] in .*'neutral'"),
        ("nod", 9, "`nod` of the mood 'neutral' from 0 to 3, received 9"),
        ("nod", "big", "`nod` of the mood 'neutral' from 0 to 3, received 'big'"),
        ("sway", None, "expected the mood 'neutral' to have"),
        ("hat", 1, "expected the mood 'neutral' to have"),
    ],
)
def test_rejects_broken_moods(key, value, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        load_moods(write_moods(tmp_path, key, value))


def test_rejects_what_are_no_moods(tmp_path):
    path = tmp_path / "moods.json"
    path.write_text('{"moods": {]}')
    with pytest.raises(ValueError, match="moods.json is no JSON: line 1, column 12"):
        load_moods(path)
    path = tmp_path / "other.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match="other.json lacks `moods`"):
        load_moods(path)
