"""What a document is found by: words, bigrams, readings, completions."""
