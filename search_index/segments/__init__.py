"""Immutable pieces of an index: documents as flat arrays, in memory or mapped from one file."""
