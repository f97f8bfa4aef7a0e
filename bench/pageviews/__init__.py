"""Page views beside what goes wrong, beside what they cost, and beside a second computation."""
