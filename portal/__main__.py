"""``python -m portal``: the ``portal`` command of this very interpreter."""

from portal.cli import main

main()
