"""Listings (支援情報): one support measure each, in versions, of which the public sees one."""
