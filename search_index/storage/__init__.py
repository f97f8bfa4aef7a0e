"""Commits and segments in a folder: written, read, built, replaced."""
