"""Videos that are damaged are read as far as they go, others refused."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from videos import RATE, beeping, encode_sound, numbered, numbers, spoil, write_video

from keras_anchor.data.video.frames import read_frames
from keras_anchor.data.video.probe import probe
from keras_anchor.data.video.sound import read_sound

av = pytest.importorskip("av")


def test_damaged_frames_give_way_to_their_neighbours(tmp_path):
    pictures = [numbered(index) for index in range(75)]
    path = write_video(
        tmp_path / "clip.mov", pictures, codec="prores_ks", pix_fmt="yuv422p10le"
    )
    spoil(path, "video", 0.4, 0.48)
    with pytest.warns(UserWarning, match="is damaged: 6 of its pieces"):
        shown = numbers(path)
    assert shown == [*range(30), 29, 29, 29, 36, 36, 36, *range(36, 75)]


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    pictures = [numbered(index) for index in range(150)]
    path = write_video(
        tmp_path / "clip.mp4", pictures, container_options={"movflags": "faststart"}
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])
    with pytest.warns(UserWarning, match="ends after .* s of the 6.0 s it announces"):
        shown = numbers(path)
    assert 40 < len(shown) < 120
    assert shown == list(range(len(shown)))


def relabelled(path, old, new):
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def cover_art(path):
    """A song with a picture of its record."""
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "uint8"))
        packets = [*cover.encode(picture), *cover.encode()]
        container.mux(packets + encode_sound(container, beeping(3.0), RATE, 0.0, "aac"))
    return path


@pytest.fixture
def bad_video(tmp_path):
    """Makes the file that a test asks for by name."""

    def make(kind):
        path = tmp_path / f"{kind}.mp4"
        pictures = [numbered(index) for index in range(60)]
        if kind == "empty":
            path.touch()
        elif kind == "text":
            path.write_bytes(b"no video at all" * 100)
        elif kind == "folder":
            path.mkdir()
        elif kind == "cut":
            write_video(path, pictures)
            path.write_bytes(path.read_bytes()[:-2000])
        elif kind == "sound":
            with av.open(str(path), "w") as container:
                container.mux(encode_sound(container, beeping(3.0), RATE, 0.0, "aac"))
        elif kind == "cover":
            cover_art(path)
        elif kind == "picture":
            path = path.with_suffix(".png")
            cv2.imwrite(str(path), pictures[0])
        elif kind == "short":
            write_video(path, pictures[:45])
        elif kind in ("frameless", "hollow"):
            path = path.with_suffix(".avi") if kind == "frameless" else path
            with av.open(str(path), "w") as container:
                stream = container.add_stream("mpeg4", rate=25)
                stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
                container.start_encoding()
        elif kind == "rubbish":
            write_video(path, pictures, codec="mpeg4")
            spoil(path, "video", 0.0, 1.0)
        elif kind == "encrypted":
            key = "00112233445566778899aabbccddeeff"
            options = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": key}
            options["encryption_kid"] = key
            write_video(path, pictures, container_options=options)
        elif kind == "protected":
            relabelled(write_video(path, pictures), b"avc1", b"drmi")
        elif kind == "unknown":
            relabelled(write_video(path, pictures), b"avc1", b"zzzz")
        elif kind == "slow":
            write_video(path, pictures, rate=Fraction(1, 2))
        elif kind == "fast":
            write_video(path, [pictures[0]] * 700, rate=300, preset="ultrafast")
        elif kind == "timeless":
            path = write_video(path.with_suffix(".h264"), pictures)
        return path

    return make


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "There is no video file .*missing.mp4"),
        ("folder", "There is no video file .*folder.mp4"),
        ("empty", "is empty. Record or download it again"),
        (
            "text",
            "can be read .Invalid data found when processing input.. Expected a file",
        ),
        ("cut", "cut off lacks its index, so fetch it again"),
        ("sound", "has sound but no picture. Expected a video"),
        ("cover", "has sound but no picture. Expected a video"),
        ("picture", "lasts 0.0 s. Expected at least 2 s"),
        ("short", "lasts 1.8 s. Expected at least 2 s"),
        ("hollow", "hollow.mp4 has no picture. Expected a video"),
        ("frameless", "has no frame that can be decoded. Record"),
        ("rubbish", "has no frame that can be decoded. Record"),
        ("encrypted", "bought or rented is protected"),
        ("protected", "is protected, or .* cannot be decoded. Convert it to H.264"),
        ("unknown", "is protected, or .* cannot be decoded. Convert it to H.264"),
        ("slow", "has 0.5 frames a second. Expected 1 to 240. Convert"),
        ("fast", "has 300 frames a second. Expected 1 to 240. Convert"),
        ("timeless", "does not say when its frames are shown. Give it times"),
    ],
)
def test_a_bad_video_is_refused_in_plain_words(bad_video, kind, message):
    path = bad_video(kind)
    with pytest.raises(ValueError, match=message):
        probe(path)
    with pytest.raises(ValueError, match=message):
        next(read_frames(path))
    with pytest.raises(ValueError, match=message):
        read_sound(path, 2.0)
