"""What clerks propose for the synonyms, and what became of it."""
