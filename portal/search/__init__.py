"""The search: parameters in, hits with facets out, as a page and as JSON."""
