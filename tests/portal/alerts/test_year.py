"""A season of mails to owners, foretold by a computation that knows nothing of the portal."""

from pathlib import Path

from bench.year.delivery import instruct, wrong_deliveries
from bench.year.foretelling import foretell
from bench.year.plain import Kind
from bench.year.stage import Stage
from bench.year.story import Size, make_story
from bench.year.verdict import differing, smallest_story
from tests.conftest import make_settings, open_resources
from tests.databases import MakeDatabase
from tests.each import each
from tests.project.test_imports import ROOT, imported_modules
from tests.smtp_server import mail_server

SIZE = Size(listings=40, searches=16, members=5, days=36, acts_a_day=5, rounds_a_day=3)
SEED = 28
FORETELLING = (
    *("plain", "places", "japan", "finding", "foretold_news", "foretold_favorites"),
    *("foretelling", "inventing", "clerks", "owners", "story", "verdict"),
)


@each("name", FORETELLING)
def test_the_computation_knows_nothing_of_the_portal(name: str) -> None:
    own = {f"bench.year.{other}" for other in FORETELLING}
    standard = {"collections", "dataclasses", "datetime", "enum", "random", "typing"}
    for module in imported_modules(ROOT / "bench" / "year" / f"{name}.py"):
        assert module.split(".")[0] in standard or module.rpartition(".")[0] in own | {
            "bench.year"
        }, module


def test_mails_of_a_season_are_those_foretold(
    tmp_path: Path, make_sqlite_database: MakeDatabase
) -> None:
    story = make_story(SEED, SIZE)
    expected = foretell(story)
    with mail_server() as server:
        instruct(server.sink, story)
        settings = make_settings(
            tmp_path,
            PORTAL_DATABASE_URL=make_sqlite_database(),
            PORTAL_MAIL_URL=f"smtp://127.0.0.1:{server.port}",
        )
        with open_resources(settings) as held:
            held.indexer.rebuild()
            played = Stage(held, story).play()
        taken = server.sink.taken
    found = differing(expected, played.told)
    assert not found, "\n\n".join(smallest_story(story, each) for each in found[:3])
    assert wrong_deliveries(story, played.letters, taken) == []
    # Nothing could be wrong where nothing is told.
    assert {mail.kind for mail in expected} == set(Kind)
    assert {line.what for mail in expected for line in mail.lines} == {
        *("new", "opened", "14", "3", "changed", "withdrawn", "back"),
    }
    assert len(taken) < len(played.letters)
