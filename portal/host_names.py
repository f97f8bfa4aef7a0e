"""One way of writing the name of a host, before anything compares it."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class PlainHostNames:
    """Makes the name small and takes a final dot away: both are the same host to everybody but a
    comparison of texts."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        name, colon, port = environ.get("HTTP_HOST", "").lower().partition(":")
        if len(name) > 1:
            environ["HTTP_HOST"] = name.removesuffix(".") + colon + port
        return self._app(environ, start_response)
