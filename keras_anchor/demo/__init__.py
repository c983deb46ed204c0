"""The page: served with an anchor to a browser, or written as a static site."""

from keras_anchor.demo.addon import install_addon
from keras_anchor.demo.server import build_server, serve
from keras_anchor.demo.site import PAGE_FOLDER, idle_loop
from keras_anchor.demo.static import write_site

__all__ = [
    "PAGE_FOLDER",
    "build_server",
    "idle_loop",
    "install_addon",
    "serve",
    "write_site",
]
