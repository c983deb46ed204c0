"""A conversation: somebody asks, by keyboard or voice, and the anchor answers."""
