"""A tiny anchor and a tiny page, served."""

import pytest
from serving import make_anchor, make_page, serving


@pytest.fixture(scope="module")
def anchor(tmp_path_factory):
    return make_anchor(tmp_path_factory.mktemp("anchor"))


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    return make_page(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def server(anchor, page_folder):
    with serving(anchor, page_folder) as server:
        yield server


@pytest.fixture(scope="module")
def port(server):
    return server.server_port
