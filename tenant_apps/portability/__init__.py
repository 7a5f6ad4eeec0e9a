"""Leaving with everything: a network in one archive, and back from it."""
