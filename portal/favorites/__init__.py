"""Favourites: what visitors and members keep of listings, what became of it since, and what they
take along."""
