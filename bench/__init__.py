"""Measurements of the search and its peers. Nothing here is needed to run the portal."""
