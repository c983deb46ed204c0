import sys
import warnings

import numpy as np
import pytest
from recordings import make_hum, write_compressed, write_wav

from keras_anchor.drive.speech import Speech
from keras_anchor.drive.voices.recorded import RecordedVoice, read_recording

av = pytest.importorskip("av")


def test_without_text_nobody_knows_the_phonemes(tmp_path):
    path = write_wav(tmp_path / "a.wav", make_hum())
    speech = RecordedVoice(path).speak()
    assert speech.phonemes == []
    assert speech.seconds == pytest.approx(1.0)


def test_channels_are_mixed(tmp_path):
    left, right = make_hum(hertz=200), make_hum(hertz=330)
    stereo = write_wav(tmp_path / "a.wav", np.stack([left, right], 1))
    sound, _ = read_recording(stereo)
    mix = (left + right) * (np.abs(sound).max() / np.abs(left + right).max())
    np.testing.assert_allclose(sound, mix, atol=1e-3)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(8000, 16000), (22050, 22050), (44100, 44100), (48000, 48000), (96000, 48000)],
)
def test_any_sample_rate_is_read(tmp_path, given, kept):
    path = write_wav(tmp_path / "a.wav", make_hum(1.0, given), given)
    sound, sample_rate = read_recording(path)
    assert sample_rate == kept
    assert len(sound) == pytest.approx(kept, abs=kept // 100)
    expected = make_hum(1.0, kept)[: len(sound)]
    correlation = np.corrcoef(sound[: len(expected)], expected)[0, 1]
    assert correlation > 0.99


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "mp3"), ("a.m4a", "aac")])
def test_compressed_sound_is_read(tmp_path, name, codec):
    hum = make_hum(1.0, 44100)
    path = write_compressed(tmp_path / name, hum, codec, 44100)
    sound, sample_rate = read_recording(path)
    assert sample_rate == 44100
    assert len(sound) / sample_rate == pytest.approx(1.0, abs=0.1)
    assert np.abs(sound).max() == pytest.approx(0.4, abs=0.05)


def test_clipped_sound_is_told_in_one_sentence(tmp_path):
    path = write_wav(tmp_path / "a.wav", 5.0 * make_hum())
    with pytest.warns(UserWarning) as caught:
        read_recording(path)
    assert len(caught) == 1
    assert "is clipped in" in str(caught[0].message)
    assert "Turn the microphone down" in str(caught[0].message)


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_told_and_silent(tmp_path, lost):
    path, hum = tmp_path / "a.wav", make_hum()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=16000, layout="mono")
        hum[8000:8010] = lost
        frame = av.AudioFrame.from_ndarray(hum[None], format="flt", layout="mono")
        frame.sample_rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.warns(UserWarning, match="10 of its samples are no numbers, and left"):
        sound, _ = read_recording(path)
    assert np.abs(sound).max() < 0.5


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        (np.zeros(0, "float32"), "is empty. Record it again"),
        (np.zeros(16000, "float32"), "is silent. Choose the right microphone"),
        (np.full(16000, 0.25, "float32"), "is silent. Choose the right microphone"),
        (make_hum(0.05), "is shorter than 0.1 s. Expected somebody speaking"),
    ],
    ids=["empty", "silent", "constant", "short"],
)
def test_rejects_what_nobody_hears(tmp_path, sound, message):
    with pytest.raises(ValueError, match=message):
        read_recording(write_wav(tmp_path / "a.wav", sound))


def test_rejects_missing_file(tmp_path):
    with pytest.raises(ValueError, match="There is no sound file .*b.wav"):
        read_recording(tmp_path / "b.wav")


@pytest.mark.parametrize("content", [b"", b"not a sound at all" * 50])
def test_rejects_what_is_no_sound(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"holds no sound that can be read|is empty"):
        read_recording(path)


def test_rejects_film_without_sound(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "uint8"), "rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(
        ValueError, match="has no sound. Expected a recording of speech"
    ):
        read_recording(path)


def test_cut_off_file_is_read_as_far_as_it_goes(tmp_path):
    hum = make_hum(2.0, 44100)
    path = write_compressed(tmp_path / "a.mp3", hum, "mp3", 44100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sound, sample_rate = read_recording(path)
    assert 0.5 < len(sound) / sample_rate < 1.5


def test_missing_pyav_is_explained(monkeypatch, tmp_path):
    path = write_wav(tmp_path / "a.wav", make_hum())
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ModuleNotFoundError, match=r'"keras-anchor\[film\]"'):
        read_recording(path)


def test_a_speech_without_phonemes_can_be_padded():
    padded = Speech(make_hum(), 16000, []).padded(0.1, 0.1)
    assert padded.seconds == pytest.approx(1.2)
    assert padded.phonemes == []
