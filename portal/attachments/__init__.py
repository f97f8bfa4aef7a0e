"""PDF files of listings: what is taken, where it lies, who can open it."""
