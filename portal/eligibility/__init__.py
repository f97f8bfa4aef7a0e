"""The eligibility check: whether a support is for somebody, from a few answers."""
