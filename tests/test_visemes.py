import json

import numpy as np
import pytest

from keras_anchor.controls import INDEX
from keras_anchor.drive.speech import Phoneme
from keras_anchor.drive.viseme_table import TABLE_PATH, VisemeTable
from keras_anchor.drive.visemes import mouth_controls

FPS = 25
EVERY_RATE = pytest.mark.parametrize("fps", [24, 25, 30, 60])
# What espeak-ng said for English and Mandarin news texts.
SOUNDS = (
    "p b t d k ɡ tʃ dʒ m n ŋ ɾ ʔ f v θ ð s z ʃ ʒ h x ɹ l w j n̩ əl ə ɚ ɐ ᵻ i iː uː "
    "ˈɪ ˈɛ ˈæ ˈʌ ˈʊ ˈɑː ˈɔ ˈɔː ˈɜː ˈiː ˈuː ˈeɪ ˈaɪ ˈɔɪ ˈaʊ ˈoʊ ˈʊɹ ˈɛɹ ˌɔːɹ ˈɑːɹ ˈaɪɚ "
    "ph th kh ts tsh ts. ts.h tɕ tɕh s. ʐ ɕ χ ˈɑ ˈa ˈo- ˈə ˈər ˈi ˈi. i̪ ˈu ˈy ˈai ˈei "
    "ˈɑu ˈou ˈiɑ ˈiɛ ˈiou ˈua ˈuo ˈuai ˈuə ˈyɛ ˈyæ ˈyə ˈonɡ"
)
SPOKEN = SOUNDS.split()


def speak_slowly(*symbols, seconds=0.12, silence=0.5):
    """Phonemes of equal length between two silences."""
    times = silence + seconds * np.arange(len(symbols) + 1)
    spoken = [
        Phoneme(start, end, symbol)
        for start, end, symbol in zip(times, times[1:], symbols, strict=False)
    ]
    last = times[-1]
    return [
        Phoneme(0.0, silence, ""),
        *spoken,
        Phoneme(last, last + silence, ""),
    ]


def move(phonemes, fps=FPS, **kwargs):
    return mouth_controls(phonemes, int(phonemes[-1].end * fps), fps, **kwargs)


def frame_of(phonemes, symbol, fps=FPS):
    phoneme = next(p for p in phonemes if p.symbol == symbol)
    return int((phoneme.start + phoneme.end) / 2 * fps)


def lip_gap(controls):
    """What is open between the lips, in units of jawOpen."""
    parting = [INDEX[f"mouth{n}Left"] for n in ("LowerDown", "UpperUp")]
    gap = controls[:, INDEX["jawOpen"]] - controls[:, INDEX["mouthClose"]]
    return gap + controls[:, parting].sum(1) + controls[:, INDEX["mouthFunnel"]]


@pytest.mark.parametrize("symbol", SPOKEN)
def test_table_knows_all_that_is_spoken(symbol):
    assert VisemeTable().split(symbol)


def test_diphthongs_and_affricates_are_split():
    table = VisemeTable()
    assert table.split("ˈaɪ") == ["a", "i"]
    assert table.split("tʃ") == ["hush"]
    assert table.split("ts.h") == ["hush_retroflex", "breath"]
    assert table.split("ˈiou") == ["i", "o", "u"]


@EVERY_RATE
@pytest.mark.parametrize("symbol", ["m", "b", "p"])
@pytest.mark.parametrize("seconds", [0.05, 0.07, 0.15])
def test_lips_meet(symbol, seconds, fps):
    phonemes = speak_slowly("ˈɑː", symbol, "ˈæ", seconds=seconds)
    controls = move(phonemes, fps)
    frame = frame_of(phonemes, symbol, fps)
    assert lip_gap(controls)[frame] < 1e-3
    assert lip_gap(controls).max() > 0.15


def test_lips_meet_between_lip_and_teeth():
    phonemes = speak_slowly("ˈʌ", "m", "f", "ə", "p", "v", "ˈɑː", seconds=0.06)
    gap = lip_gap(move(phonemes))
    assert gap[frame_of(phonemes, "m")] < 1e-3
    assert gap[frame_of(phonemes, "p")] < 1e-3


@pytest.mark.parametrize("symbol", ["f", "v"])
def test_lip_touches_teeth(symbol):
    phonemes = speak_slowly("ˈɑː", symbol, "ˈæ")
    controls = move(phonemes)[frame_of(phonemes, symbol)]
    assert controls[INDEX["mouthRollLower"]] > 0.3
    assert controls[INDEX["mouthUpperUpLeft"]] > 0.1
    assert controls[INDEX["jawOpen"]] - controls[INDEX["mouthClose"]] < 0.07


@pytest.mark.parametrize("symbol", ["ˈuː", "w", "ˈu", "ˈy"])
def test_rounded_sounds_are_round(symbol):
    phonemes = speak_slowly("t", symbol, "t")
    rounding = [INDEX["mouthPucker"], INDEX["mouthFunnel"]]
    round_ = move(phonemes)[frame_of(phonemes, symbol), rounding].sum()
    spread = move(speak_slowly("t", "ˈiː", "t"))[:, rounding].sum(1).max()
    assert round_ > 0.4
    assert spread < 0.1


def test_rounding_is_prepared_in_the_consonant_before():
    pucker = INDEX["mouthPucker"]
    phonemes = speak_slowly("t", "ˈuː"), speak_slowly("t", "ˈiː")
    too, tea = (move(p)[frame_of(p, "t"), pucker] for p in phonemes)
    assert too > 0.15
    assert tea < 0.02


def test_vowels_differ_as_they_should():
    def jaw(symbol):
        phonemes = speak_slowly("t", symbol, "t", seconds=0.15)
        return move(phonemes)[:, INDEX["jawOpen"]].max()

    assert jaw("ˈɑː") > jaw("ˈɛ") > jaw("ˈiː")
    assert 0.2 < jaw("ˈɑː") < 0.37
    assert jaw("ˈæ") > jaw("æ")


def test_mouth_rests_in_silence():
    phonemes = [
        *speak_slowly("ˈɑː", "l", "ˈoʊ")[:-1],
        Phoneme(0.86, 1.46, ""),
        Phoneme(1.46, 1.6, "ˈɑː"),
        Phoneme(1.6, 2.0, ""),
    ]
    controls = move(phonemes)
    times = (np.arange(len(controls)) + 0.5) / FPS
    is_silent = (times < 0.4) | ((times > 0.97) & (times < 1.35)) | (times > 1.71)
    assert not controls[is_silent].any()
    assert controls[~is_silent].any(axis=1).mean() > 0.9


def test_short_pause_does_not_snap_the_mouth_shut():
    sounds = speak_slowly("ˈɑː", "", "ˈɑː", seconds=0.1)
    jaw = move(sounds)[:, INDEX["jawOpen"]]
    assert jaw[int(0.65 * FPS)] > 0.05


def test_jaw_has_mass():
    phonemes = speak_slowly(*["p", "ˈɑː"] * 20, seconds=0.06)
    jaw = move(phonemes, fps=200)[:, INDEX["jawOpen"]]
    speed = np.diff(jaw) * 200
    assert np.abs(speed).max() < 7.0
    assert np.abs(np.diff(speed) * 200).max() < 350


def test_mouth_moves_with_the_sound():
    phonemes = speak_slowly(*["d", "ˈɑː"] * 10, seconds=0.1)
    jaw = move(phonemes, fps=100)[:, INDEX["jawOpen"]]
    jaw = jaw[60:-60]
    times = (np.arange(len(jaw)) + 60.5) / 100
    is_vowel = np.floor((times - 0.5) / 0.1) % 2
    lags = range(-8, 9)
    scores = [np.corrcoef(np.roll(jaw, -lag), is_vowel)[0, 1] for lag in lags]
    assert abs(lags[int(np.argmax(scores))]) <= 2


def test_openness_scales_the_jaw_but_not_the_seal():
    phonemes = speak_slowly("ˈɑː", "m", "ˈɑː")
    calm, keen = move(phonemes), move(phonemes, openness=1.4)
    jaw = INDEX["jawOpen"]
    np.testing.assert_allclose(keen[:, jaw], 1.4 * calm[:, jaw], rtol=1e-4)
    assert lip_gap(keen)[frame_of(phonemes, "m")] < 1e-3


def test_only_the_mouth_moves():
    moved = move(speak_slowly(*SPOKEN)).any(axis=0)
    names = [name for name, index in INDEX.items() if moved[index]]
    assert all(name.startswith(("jaw", "mouth", "tongue")) for name in names)


def test_nothing_said_is_a_mouth_at_rest():
    assert not mouth_controls([], 10, FPS).any()
    assert not mouth_controls([Phoneme(0.0, 1.0, "")], 25, FPS).any()


def write_table(folder, change):
    table = json.loads(TABLE_PATH.read_text(encoding="utf-8"))
    change(table)
    (folder / "visemes.json").write_text(json.dumps(table), encoding="utf-8")
    return folder / "visemes.json"


def test_table_can_be_edited(tmp_path):
    def smile(table):
        table["visemes"]["i"]["controls"] = {"mouthSmile": 0.9}

    table = VisemeTable(write_table(tmp_path, smile))
    controls = move(speak_slowly("ˈiː", seconds=0.3), table=table)
    assert controls[:, INDEX["mouthSmileLeft"]].max() > 0.8
    assert controls[:, INDEX["mouthSmileRight"]].max() > 0.8


def edit(path, value):
    """A change of a table: `value` at a path such as `visemes i seal`; None removes."""

    def change(table):
        *parents, last = path.split()
        for key in parents:
            table = table[key]
        if value is None:
            del table[last]
        else:
            table[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (edit("visemes i controls grin", 1), r"Unknown controls \['grin'\] in .*'i'"),
        (edit("phonemes a", "ay"), r"visemes \['ay'\] that are not there"),
        (edit("phonemes a", 3), "a viseme for the phoneme 'a', received 3"),
        (edit("visemes i dominance jaw", None), r"dominance of 'i' lacks \['jaw'\]"),
        (edit("visemes i dominance jaw", 1.5), "from 0 to 1 as 'jaw' in the dominance"),
        (edit("visemes i dominance chin", 1), r"dominance of 'i' has unknown \['chin'"),
        (edit("visemes i controls jawOpen", -1), "'jawOpen' of 'i', received -1"),
        (
            edit("visemes i controls jawOpen", "wide"),
            "'jawOpen' of 'i', received 'wide'",
        ),
        (edit("visemes i controls", None), r"viseme 'i' lacks \['controls'\]"),
        (edit("visemes i controls", []), r"expected {...} as the controls of 'i'"),
        (edit("visemes i dominence", {}), r"viseme 'i' has unknown \['dominence'\]"),
        (edit("visemes m", 1), r"expected {...} as the viseme 'm', received 1"),
        (edit("visemes lips_meet seal", 2), "as the seal of 'lips_meet', received 2"),
        (edit("visemes rest", None), "no viseme 'rest'"),
        (edit("visemes", []), r"expected {...} as 'visemes', received"),
        (edit("phonemes", None), r"the file lacks \['phonemes'\]"),
        (edit("sounds", {}), r"the file has unknown \['sounds'\]"),
    ],
)
def test_rejects_broken_table(change, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        VisemeTable(write_table(tmp_path, change))


def test_rejects_what_is_no_table(tmp_path):
    path = tmp_path / "mine.json"
    with pytest.raises(ValueError, match=r"mine.json cannot be read .* Copy .*visemes"):
        VisemeTable(path)
    path.write_text('{\n "visemes": {},\n "phonemes" {}\n}')
    with pytest.raises(ValueError, match=r"mine.json is no JSON: line 3, column \d+"):
        VisemeTable(path)
    path.write_bytes(b'{"about": "\xff"}')
    with pytest.raises(ValueError, match="is no text in UTF-8"):
        VisemeTable(path)
    path.write_text("[]")
    with pytest.raises(ValueError, match=r"expected {...} as the file, received \[\]"):
        VisemeTable(path)


def test_every_sound_of_the_natural_voice_has_a_viseme():
    table = VisemeTable()
    letters = (
        "AIOQSTWYabcdefhijklmnopqrstuvwxyzæçðøŋœɐɑɒɔɕɖəɚɛɜɟɡɣɤɥɨɪɯɰɲɳɴɸɹɻɽɾʁʂʃʈʊʋʌ"
    )
    letters += "ʎʒʔʝʣʤʥʦʧʨβθχᵊᵝᵻꭧ"
    assert [letter for letter in letters if not table.split(letter)] == []
    assert table.split("A") == ["e", "i"]
    assert table.split("ɻ̩") == ["apical"]
    assert table.split("ʨʰ") == ["hush_palatal"]


def test_stress_and_full_tones_open_the_mouth_wider():
    def jaw(symbol):
        return move(speak_slowly("t", symbol, "t"))[:, INDEX["jawOpen"]].max()

    assert jaw("ˈa") > jaw("ˌa") > jaw("a")
    assert jaw("a↗") == jaw("ˈa")


def test_fast_speech_undershoots():
    def jaw(seconds):
        phonemes = speak_slowly(*["t", "ˈɑː"] * 6, "t", seconds=seconds)
        return move(phonemes, fps=100)[:, INDEX["jawOpen"]].max()

    assert jaw(0.05) < 0.85 * jaw(0.15)


def test_openness_may_differ_from_frame_to_frame():
    phonemes = speak_slowly("ˈɑː", "l", "ˈɑː", seconds=0.2)
    whole, num_frames = move(phonemes), len(move(phonemes))
    openness = np.linspace(1.0, 0.0, num_frames)
    faded = move(phonemes, openness=openness)
    jaw = INDEX["jawOpen"]
    np.testing.assert_allclose(faded[:, jaw], openness * whole[:, jaw], atol=1e-6)
