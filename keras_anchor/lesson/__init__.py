"""Lessons: slides full frame, and an anchor in the corner who explains them."""
