from fractions import Fraction

import numpy as np
import pytest

from keras_anchor.film_parts import (
    SOUND_RATE,
    Part,
    encode_pictures,
    join_parts,
    make_rate,
    write_sound,
)
from keras_anchor.script.segments import find_seeds

av = pytest.importorskip("av")

SIZE, CLICK = 32, np.hanning(40).astype("float32")
LENGTHS = [1, 2, 7, 1, 30, 3, 12]


@pytest.fixture
def write_parts(tmp_path):
    """Writes parts with a click in the middle of each; returns when they are heard."""

    def write(suffix, fps, size=SIZE):
        parts, clicks, start, rate = [], [], 0, make_rate(fps)
        for number, length in enumerate(LENGTHS):
            path = tmp_path / f"{number}{suffix}"
            grey = np.full((size, size, 3), 20 * number, "uint8")
            frames = (grey + np.uint8(index) for index in range(length))
            encode_pictures(path, suffix, frames, fps)
            sound = np.zeros(round(length / rate * SOUND_RATE), "float32")
            middle = len(sound) // 2
            sound[middle : middle + 40] = 0.8 * CLICK
            write_sound(tmp_path / f"{number}.wav", sound)
            parts.append(Part(path, tmp_path / f"{number}.wav", length))
            clicks.append(round(start / rate * SOUND_RATE) + middle)
            start += length
        return parts, clicks

    return write


def find_clicks(path, near):
    """The samples at which clicks begin."""
    with av.open(str(path)) as container:
        sound = np.zeros(near[-1] + 2 * SOUND_RATE, "float32")
        for frame in container.decode(audio=0):
            start = round(float(frame.pts * frame.time_base) * SOUND_RATE)
            samples = frame.to_ndarray()[0][max(0, -start) :]
            start = max(0, start)
            sound[start : start + len(samples)] = samples
    found = []
    for sample in near:
        first = max(0, sample - 300)
        window = np.correlate(sound[first : sample + 340], CLICK)
        found.append(first + int(np.argmax(window)))
    return found


@pytest.mark.parametrize("fps", [24, 25, 30_000 / 1001, 50])
@pytest.mark.parametrize(("suffix", "tolerance"), [(".mp4", 1), (".webm", 30)])
def test_sound_and_pictures_lie_where_their_parts_do(
    write_parts, tmp_path, suffix, tolerance, fps
):
    parts, clicks = write_parts(suffix, fps)
    film = join_parts(tmp_path / f"film{suffix}", parts, fps)
    found = find_clicks(film, clicks)
    assert np.abs(np.subtract(found, clicks)).max() <= tolerance
    with av.open(str(film)) as container:
        assert make_rate(container.streams.video[0].average_rate) == make_rate(fps)
        times = [float(frame.time) for frame in container.decode(video=0)]
    np.testing.assert_allclose(times, np.arange(sum(LENGTHS)) / fps, atol=6e-4)


def test_pictures_are_copied_as_they_are(write_parts, tmp_path):
    parts, _ = write_parts(".mp4", 25)
    film = join_parts(tmp_path / "film.mp4", parts, 25)

    def read(path):
        with av.open(str(path)) as container:
            return [frame.to_ndarray() for frame in container.decode(video=0)]

    apart = [frame for part in parts for frame in read(part.pictures)]
    np.testing.assert_array_equal(read(film), apart)


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_chapters_follow_each_other_to_the_end(write_parts, tmp_path, suffix):
    parts, _ = write_parts(suffix, 25)
    chapters = [(0.0, "One"), (0.4, "天气"), (1.5, "")]
    film = join_parts(tmp_path / f"film{suffix}", parts, 25, chapters)
    with av.open(str(film)) as container:
        found = [
            (
                float(chapter["start"] * Fraction(chapter["time_base"])),
                float(chapter["end"] * Fraction(chapter["time_base"])),
                chapter["metadata"].get("title", ""),
            )
            for chapter in container.chapters()
        ]
    end = sum(LENGTHS) / 25
    assert found == [(0.0, 0.4, "One"), (0.4, 1.5, "天气"), (1.5, end, "")]


def test_too_much_sound_is_cut_and_too_little_filled_up(write_parts, tmp_path):
    parts, clicks = write_parts(".mp4", 25)
    write_sound(parts[0].sound, np.zeros(10, "float32"))
    write_sound(parts[3].sound, np.zeros(SOUND_RATE, "float32"))
    film = join_parts(tmp_path / "film.mp4", parts, 25)
    kept = clicks[1:3] + clicks[4:]
    np.testing.assert_allclose(find_clicks(film, kept), kept, atol=1)


def test_parts_of_another_kind_are_refused(write_parts, tmp_path):
    parts, _ = write_parts(".mp4", 25)
    frames = iter(np.zeros((2, 2 * SIZE, SIZE, 3), "uint8"))
    encode_pictures(parts[2].pictures, ".mp4", frames, 25)
    with pytest.raises(ValueError, match="encoded in another way .* Remove the folder"):
        join_parts(tmp_path / "film.mp4", parts, 25)
    assert not (tmp_path / "film.mp4").exists()
    assert not (tmp_path / "part-film.mp4").exists()


def test_a_part_that_lacks_frames_is_refused(write_parts, tmp_path):
    parts, _ = write_parts(".mp4", 25)
    parts[2] = Part(parts[2].pictures, parts[2].sound, 9)
    with pytest.raises(ValueError, match=r"2\.mp4 is damaged: expected 9 frames, fou"):
        join_parts(tmp_path / "film.mp4", parts, 25)


def test_seeds_tell_segments_apart_and_equal_ones_by_their_count():
    one, two = {"text": "A"}, {"text": "B"}
    seeds = find_seeds([one, two, one], 0)
    assert len(set(seeds)) == 3
    assert find_seeds([two, one], 0) == [seeds[1], seeds[0]]
    assert not set(seeds) & set(find_seeds([one, two, one], 1))
