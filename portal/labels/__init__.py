"""What the prefecture calls the codes of the vocabulary."""
