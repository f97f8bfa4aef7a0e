"""Nobody gets to know what was answered to the eligibility check: all bytes that the server writes
are looked through."""

import sqlite3
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.commands import run
from tests.functional.servers import served

ANSWERS = "purpose=succession&place=02412&employees=51-100&form=cooperative&by=3m"
MARK = "kakushi7391"
TOLD = [b"place=", b"51-100", b"=cooperative", b"employees=", MARK.encode()]

Asked = tuple[str, str, int]
WHOLE: list[Asked] = [
    ("GET", f"/check?{ANSWERS}", 200),
    ("GET", f"/check?{ANSWERS}&show=result", 200),
    ("HEAD", f"/check?{ANSWERS}&show=all", 200),
    ("GET", f"/check?{ANSWERS}&ask=years&trade={MARK}&{MARK}=1", 200),
    ("GET", f"/check?{ANSWERS}&by=%FF{MARK}%00", 200),
    ("POST", f"/check?{ANSWERS}", 405),
    ("GET", f"/check/?{ANSWERS}", 404),
    ("GET", f"/check?{ANSWERS}&long={MARK * 20_000}", 414),
]
BROKEN: list[Asked] = [("GET", f"/check?{ANSWERS}&show=result", 503)]


def ask(address: str, asked: list[Asked]) -> None:
    """Send each on one connection, as a browser with cookies and a referrer does."""
    cookies: dict[str, str] = {}
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=60)) as connection:
        for method, path, status in asked:
            headers = {"Referer": f"{address}/check?{ANSWERS}", "User-Agent": "Browser"}
            connection.request(method, path, headers=headers | cookies)
            answer = connection.getresponse()
            page = answer.read()
            assert answer.status == status, (path[:80], page[:500])
            assert "Set-Cookie" not in answer.headers


def bytes_written(folder: Path) -> dict[str, bytes]:
    """All files below a folder: database, its log, index, mail, what processes said."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_no_byte_that_the_server_writes_tells_an_answer(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run(data, "init").returncode == 0
    before = bytes_written(tmp_path)
    assert not [name for name, held in before.items() for told in TOLD if told in held]
    log = tmp_path / "output.log"
    with log.open("wb") as output, served(data, workers=1, output=output) as running:
        ask(running.url, WHOLE)
        # What fails in the database is told with its statement.
        with closing(sqlite3.connect(data / "portal.db")) as database:
            database.execute("ALTER TABLE index_change RENAME TO gone")
        ask(running.url, BROKEN)
    written = bytes_written(tmp_path)
    # It did say something, and of the check.
    assert b"no such table" in written[str(log)]
    assert [(name, told) for name, held in written.items() for told in TOLD if told in held] == []
