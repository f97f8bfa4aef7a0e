"""Agencies (実施機関): the country, the prefecture, municipalities and support bodies."""
