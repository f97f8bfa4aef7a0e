"""The home page and the plain pages around the search."""
