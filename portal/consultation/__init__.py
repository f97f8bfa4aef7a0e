"""To a human: which desks to ring, by place and purpose, and the way from there."""
