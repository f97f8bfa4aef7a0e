"""Japanese text: one chain from typed or stored text to terms, the same for every engine."""
