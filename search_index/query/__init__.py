"""A typed text taken apart, before any index is asked."""
