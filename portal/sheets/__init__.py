"""The consultation sheet: one A4 page about a few listings, to take to a desk."""
