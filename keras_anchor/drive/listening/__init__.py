"""Sound alone to mouth controls, through a small network that listens."""
