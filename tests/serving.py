"""An app on loopback, served from a thread of the tests so that they can look into it."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import make_server


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """An app on loopback while the block runs; its address."""
    server = make_server("127.0.0.1", 0, _close_when_sent(app), threaded=True)
    # Closing waits for answers under way, which else would leave the files they send open.
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def _close_when_sent(app: WSGIApplication) -> WSGIApplication:
    """Closes each answer with its last byte, as gunicorn does.

    The development server first reads what the browser may still have sent. If that finds the
    browser gone it never closes the answer, and the file that was sent stays open.
    """

    def send(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with ExitStack() as closing:
            answer = app(environ, start_response)
            if hasattr(answer, "close"):
                closing.callback(answer.close)
            yield from answer

    return send
