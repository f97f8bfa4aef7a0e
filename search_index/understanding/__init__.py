"""What a typed text may stand for, now that a snapshot can be asked."""
