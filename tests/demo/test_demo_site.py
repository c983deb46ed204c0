import errno
import functools
import gzip
import http.server
import json
import os
import re
import threading

import pytest
from serving import SCRIPT, fetch, make_anchor, make_page, serving

from keras_anchor.cli import main
from keras_anchor.demo import PAGE_FOLDER, static, write_site
from keras_anchor.demo.folders import making
from keras_anchor.demo.headers import HEADERS

ESPEAK = "espeak/espeak-ng.js"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """Where the add-on would be, for users without any."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "keras-anchor"


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    folder = make_page(tmp_path_factory.mktemp("page"))
    (folder / "litert").mkdir()
    (folder / "litert" / "alone.wasm.gz").write_bytes(gzip.compress(b"alone" * 100))
    (folder / "litert" / "loader.js").write_text("load()")
    (folder / "service.js").write_text("work()")
    return folder


@pytest.fixture
def site(anchor, page_folder, tmp_path):
    return write_site(anchor, tmp_path / "site", page_folder=page_folder)


def install_espeak(data_folder):
    folder = data_folder / "espeak"
    folder.mkdir(parents=True)
    for name in ("espeak-ng.js", "espeak-ng.data", "COPYING", "SOURCE.md"):
        (folder / name).write_text(f"{name} of espeak")


def list_files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_site_holds_what_the_server_serves(site, anchor, page_folder):
    addresses = list_files(site) - {"_headers", "README.txt", "site.json"}
    addresses -= {"litert/alone.wasm.gz"}
    with serving(anchor, page_folder) as server:
        assert {f"/{name}" for name in addresses} == set(server.site) - {"/"}
        for name in addresses - {"voices.json"}:
            status, _, body = fetch(server.server_port, f"/{name}")
            assert (status, body) == (200, (site / name).read_bytes()), name


def test_a_site_works_on_any_server(site):
    """No addresses but those of files, so that Python's own server is enough."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        get = functools.partial(fetch, server.server_port)
        assert get("/")[2] == b"the page"
        info = json.loads(get("/anchor/anchor.json")[2])
        for name in info["files"]:
            assert get(f"/anchor/{name}")[0] == 200
        assert get("/litert/alone.wasm")[2] == b"alone" * 100
        voices = json.loads(get("/voices.json")[2])
        assert voices == {"voices": [], "espeak": False}
        server.shutdown()


def test_the_headers_of_a_site_are_those_of_the_server(site, anchor, page_folder):
    rules = {}
    for rule in re.split(r"\n(?=/)", (site / "_headers").read_text()):
        address, *lines = rule.splitlines()
        rules[address] = dict(line.strip().split(": ", 1) for line in lines)
    with serving(anchor, page_folder) as server:
        for address in ("/", "/assets/main-Ab3_x-9z.js", "/litert/loader.js"):
            sent = dict(fetch(server.server_port, address)[1])
            given = [
                headers
                for beginning, headers in rules.items()
                if address == beginning
                or (beginning[-1] == "*" and address.startswith(beginning[:-1]))
            ]
            names = [name for headers in given for name in headers]
            assert len(names) == len(set(names)), "hosts would join them with a comma"
            for headers in given:
                assert headers.items() <= sent.items()
            assert "Content-Security-Policy" in names
            assert set(HEADERS) <= set(names)
    assert "/service.js" in rules


def test_the_readme_names_the_headers_and_what_happens_without(site):
    readme = (site / "README.txt").read_text()
    for name, value in HEADERS.items():
        assert f"{name}: {value}" in readme
    assert "Without them its service worker adds them" in readme
    assert "eSpeak" not in readme


def test_the_addon_goes_along_only_where_it_is_asked_for(
    anchor, page_folder, tmp_path, data_folder
):
    folder = tmp_path / "site"
    with pytest.raises(ValueError, match="not installed.*demo --install-espeak"):
        write_site(anchor, folder, with_espeak=True, page_folder=page_folder)
    assert not folder.exists()
    install_espeak(data_folder)
    write_site(anchor, folder, page_folder=page_folder)
    assert not (folder / "espeak").exists()
    write_site(anchor, folder, with_espeak=True, page_folder=page_folder)
    assert (folder / ESPEAK).read_text() == "espeak-ng.js of espeak"
    assert (folder / "espeak" / "COPYING").exists()
    assert "GNU General Public License" in (folder / "README.txt").read_text()


def test_the_server_has_the_addon_where_it_is_installed(
    anchor, page_folder, data_folder
):
    with serving(anchor, page_folder) as server:
        status, _, body = fetch(server.server_port, f"/{ESPEAK}")
        assert status == 404
        assert b"`keras-anchor demo --install-espeak`" in body
    install_espeak(data_folder)
    with serving(anchor, page_folder) as server:
        status, headers, body = fetch(server.server_port, f"/{ESPEAK}")
    assert (status, body) == (200, b"espeak-ng.js of espeak")
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_an_earlier_site_is_replaced(site, anchor, page_folder):
    (site / "index.html").write_text("an older page")
    (site / "anchors.json").unlink()
    write_site(anchor, site, page_folder=page_folder)
    assert (site / "index.html").read_text() == "the page"
    assert (site / "anchors.json").exists()


def test_an_empty_folder_is_filled(anchor, page_folder, tmp_path):
    (tmp_path / "empty").mkdir()
    write_site(anchor, tmp_path / "empty", page_folder=page_folder)
    assert (tmp_path / "empty" / "index.html").exists()


@pytest.mark.parametrize("name", ["CNAME", ".git/config", "anchor/notes.txt"])
def test_files_of_others_are_never_lost(site, anchor, page_folder, name):
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_text("mine")
    with pytest.raises(ValueError, match=rf"holds `{name}`.*Move it away"):
        write_site(anchor, site, page_folder=page_folder)
    assert (site / name).read_text() == "mine"


def test_a_folder_with_something_else_is_refused(anchor, page_folder, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "site.json").write_text('{"name": "mine"}')
    (tmp_path / "home" / "index.html").write_text("mine")
    with pytest.raises(ValueError, match="holds `index.html`, which is of no earlier"):
        write_site(anchor, tmp_path / "home", page_folder=page_folder)
    with pytest.raises(ValueError, match="Expected a folder to make, and .* is a file"):
        write_site(anchor, tmp_path / "home" / "index.html", page_folder=page_folder)
    assert list_files(tmp_path / "home") == {"site.json", "index.html"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_site_is_whole_or_not_there(site, anchor, page_folder, monkeypatch, error):
    def fail(site):
        raise error

    before = {name: (site / name).read_bytes() for name in list_files(site)}
    monkeypatch.setattr(static, "write_rules", fail)
    for folder in (site, site.with_name("new")):
        with pytest.raises(type(error)):
            write_site(anchor, folder, page_folder=page_folder)
    assert not site.with_name("new").exists()
    assert {name: (site / name).read_bytes() for name in list_files(site)} == before
    assert not list(site.parent.glob("part-*"))


def test_a_folder_that_was_not_made_replaces_nothing(site):
    with pytest.raises(FileNotFoundError), making(site):
        pass
    assert (site / "index.html").read_text() == "the page"
    assert not list(site.parent.glob("part-*"))


def test_everybody_may_read_a_site(site):
    assert os.stat(site).st_mode & 0o055 == 0o055 & ~os.umask(os.umask(0))


def test_a_changed_anchor_is_no_site(page_folder, tmp_path):
    anchor = make_anchor_in(tmp_path / "anchor")
    (tmp_path / "anchor" / "poster.png").write_bytes(b"another")
    with pytest.raises(ValueError, match="`poster.png` of `tiny` changed"):
        write_site(anchor, tmp_path / "site", page_folder=page_folder)
    assert not (tmp_path / "site").exists()


def make_anchor_in(folder):
    folder.mkdir()
    return make_anchor(folder)


def test_a_site_holds_several_anchors_once_each(anchor, page_folder, tmp_path):
    other = make_anchor_in(tmp_path / "other")
    folder = write_site([anchor, other], tmp_path / "site", page_folder=page_folder)
    for entry in json.loads((folder / "anchors.json").read_text()):
        assert (folder / entry["folder"] / "anchor.json").exists()
    assert len(list(folder.rglob("poster.png"))) == 2


def test_scripts_are_written_as_they_are(site):
    assert (site / "assets" / "main.js").read_text() == SCRIPT


@pytest.mark.skipif(not (PAGE_FOLDER / "index.html").exists(), reason="page not built")
def test_the_command_writes_a_site(tmp_path, anchor, capsys):
    folder = tmp_path / "site"
    assert main(["demo", "--anchor", str(anchor.folder), "--to", str(folder)]) == 0
    assert capsys.readouterr().out.startswith(f"{folder}/  ")
    assert (folder / "_headers").exists()


@pytest.mark.parametrize(
    ("flag", "other"), [("--with-espeak", "--to"), ("--yes", "--install-espeak")]
)
def test_a_flag_that_would_do_nothing_is_refused(flag, other, capsys):
    assert main(["demo", flag]) == 2
    assert f"`{flag}` goes with `{other}`" in capsys.readouterr().err
