"""Documents as PDF files: tagged, with their fonts inside (ADR 30)."""
