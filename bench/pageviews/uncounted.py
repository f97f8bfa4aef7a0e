"""The portal as it would be if it did not count: what counting costs is measured against it.

There is no such setting. This takes what writes the lines out of an app that is made as always.
"""

import os
import sys

from flask import Flask

from portal.config import Settings
from portal.server import PortalServer

_COUNTING = "portal.view_counting"


class UncountedServer(PortalServer):
    """The production server over an app that counts nothing."""

    def load(self) -> Flask:
        """The app of one worker."""
        app = super().load()
        after = app.after_request_funcs[None]
        left = [function for function in after if function.__module__ != _COUNTING]
        if len(left) != len(after) - 1:
            raise RuntimeError("counting is not where it is taken out")
        app.after_request_funcs[None] = left
        return app


def main() -> None:
    """Serve on a port of loopback: ``PORT WORKERS``."""
    port, workers = map(int, sys.argv[1:])
    settings = Settings.from_env(os.environ)
    UncountedServer(settings, host="127.0.0.1", port=port, workers=workers).run()


if __name__ == "__main__":
    main()
