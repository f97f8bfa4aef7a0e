"""Headers every answer carries. No page has an inline script or style, so none is allowed."""

from flask import Flask, Response

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_ONE_YEAR_OF_HTTPS = "max-age=31536000"


def init_app(app: Flask, *, is_https_only: bool) -> None:
    """Add the headers, and HSTS where the site is only served over HTTPS."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if is_https_only:
            response.headers.setdefault("Strict-Transport-Security", _ONE_YEAR_OF_HTTPS)
        if response.mimetype == "text/html":
            # Every view of a page has to reach the server, to be counted and to be current; the
            # browser may keep it only for its own Back button.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
