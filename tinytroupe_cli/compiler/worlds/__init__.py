"""Resolves places, ties and networks."""
