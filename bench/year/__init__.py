"""A year of mails to owners: what happens in it, what should be mailed, and what was."""
