"""The pieces of a typed text: words, and what is in quotes, with the minus before them."""

import re

WORD = re.compile(r'[-－−]?(?:"[^"]*"|「[^「」]*」)|[^\s"「」]+')
MINUS = "-－−"
QUOTES = '"「」'
