"""Health of the running portal."""
