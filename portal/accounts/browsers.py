"""What people call the browser they use, from what it calls itself."""

# The first that is found: most claim to be several others, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def name_of(agent: str) -> str:
    """Such as 「Chrome（Windows）」; nothing of the text itself, which says far more."""
    browser = _first(agent, _BROWSERS) or "不明なブラウザー"
    system = _first(agent, _SYSTEMS)
    return f"{browser}（{system}）" if system else browser


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str | None:
    return next((name for sign, name in names if sign in agent), None)
