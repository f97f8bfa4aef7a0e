"""Listings beside each other: what they have in common, and in what they differ."""
