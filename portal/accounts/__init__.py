"""Accounts: who signs in, how they prove it, and what each role may do."""
