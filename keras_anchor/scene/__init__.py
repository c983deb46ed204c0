"""Film frames: an anchor before a background, titles and captions."""
