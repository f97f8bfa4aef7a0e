"""The publishing desk: how listings are written, approved, published and kept current."""
