"""Outgoing mail: kept in the database until a mail server has taken it."""
