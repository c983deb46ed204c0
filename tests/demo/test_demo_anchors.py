import json
import shutil
from functools import partial

import numpy as np
import pytest
from serving import fetch, make_anchor, serving

from keras_anchor.demo import idle_loop


def test_several_anchors_have_a_folder_each(anchor, page_folder, tmp_path):
    others = []
    for folder, name in [("a", "../Méi"), ("b", "m-i"), ("c", "é")]:
        (tmp_path / folder).mkdir()
        others.append(make_anchor(tmp_path / folder, name))
    with serving([anchor, *others], page_folder) as server:
        get = partial(fetch, server.server_port)
        entries = json.loads(get("/anchors.json")[2])
        assert entries == [
            {"name": "tiny", "folder": "anchor"},
            {"name": "../Méi", "folder": "anchors/m-i"},
            {"name": "m-i", "folder": "anchors/m-i--2"},
            {"name": "é", "folder": "anchors/anchor"},
        ]
        for entry in entries:
            info = json.loads(get(f"/{entry['folder']}/anchor.json")[2])
            assert info["name"] == entry["name"]


def test_two_servers_share_this_machine(anchor, page_folder, port):
    with serving(anchor, page_folder) as other:
        assert other.server_port != port
        assert fetch(other.server_port, "/")[0] == fetch(port, "/")[0] == 200


def test_a_zip_is_served_as_its_folder(anchor, page_folder, tmp_path):
    path = shutil.make_archive(str(tmp_path / "tiny"), "zip", anchor.folder)
    with serving(path, page_folder) as server:
        assert fetch(server.server_port, "/anchor/poster.png")[2] == b"a picture"


def test_a_missing_file_is_named_with_its_remedy(page_folder, tmp_path, capfd):
    anchor = make_anchor(tmp_path)
    with serving(anchor, page_folder) as server:
        (tmp_path / "poster.png").unlink()
        status, _, body = fetch(server.server_port, "/anchor/poster.png")
    assert status == 404
    assert f"`poster.png` of `tiny` is gone from {tmp_path}. Copy" in body.decode()
    assert (
        "/anchor/poster.png: `poster.png` of `tiny` is gone" in capfd.readouterr().err
    )


@pytest.mark.parametrize("name", ["poster.png", "anchor.json", "tfjs/weights.bin"])
def test_a_changed_file_is_not_served(page_folder, tmp_path, capfd, name):
    anchor = make_anchor(tmp_path)
    with serving(anchor, page_folder) as server:
        (tmp_path / name).write_bytes(b"another")
        gzip = {"Accept-Encoding": "gzip"}
        status, _, body = fetch(server.server_port, f"/anchor/{name}", headers=gzip)
    assert status == 500
    assert f"`{name}` of `tiny` changed while it was served" in body.decode()
    assert f"`{name}` of `tiny` changed" in capfd.readouterr().err


def test_a_file_that_was_only_touched_is_served(page_folder, tmp_path):
    anchor = make_anchor(tmp_path)
    with serving(anchor, page_folder) as server:
        fetch(server.server_port, "/anchor/poster.png")
        (tmp_path / "poster.png").write_bytes(b"a picture")
        assert fetch(server.server_port, "/anchor/poster.png")[2] == b"a picture"


def test_the_idle_performance_is_an_endless_loop(anchor):
    loop = idle_loop(anchor)
    controls = np.array(loop["controls"])
    assert controls.shape == (20 * loop["fps"], len(loop["names"]))
    assert set(loop["names"]) <= set(anchor.names)
    position = [loop["names"].index(name) for name in ("headYaw", "breath")]
    steps = np.abs(np.diff(controls, axis=0))[:, position].max(0)
    assert (np.abs(controls[0] - controls[-1])[position] <= 2 * steps).all()


def test_every_moving_control_is_in_the_idle_performance(anchor):
    loop = idle_loop(anchor)
    blinks = [name for name in loop["names"] if name.startswith("eyeBlink")]
    assert len(blinks) == 2
    assert "tongueOut" not in loop["names"]
