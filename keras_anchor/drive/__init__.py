"""Drivers: text, sound and idleness to controls over time."""
