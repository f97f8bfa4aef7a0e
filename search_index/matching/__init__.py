"""Which documents of a snapshot a query finds, how well, and which filters leave."""
