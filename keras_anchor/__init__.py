"""keras-anchor: make a virtual anchor and run it on the viewer's own device."""

__version__ = "0.1.0"
