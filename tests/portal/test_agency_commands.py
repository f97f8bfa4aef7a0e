"""``portal agency``, run as an operator runs it."""

import json
from pathlib import Path

import pytest

from tests.commands import run
from tests.portal.test_user_commands import rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a portal with the agencies of its region."""
    folder: Path = tmp_path_factory.mktemp("agencies") / "data"
    assert run(folder, "init").returncode == 0
    return folder


def test_agency_is_made_recorded_and_listed(folder: Path) -> None:
    made = run(
        *(folder, "agency", "create", "--code", "kumiai", "--name", "りんご組合"),
        *("--level", "organization", "--region", "chunan", "--approval", "none"),
    )
    assert (made.returncode, made.stdout) == (0, "kumiai is りんご組合.\n")
    recorded = "SELECT action, actor_role, target_id FROM audit_event ORDER BY seq DESC LIMIT 1"
    assert rows(folder, recorded) == [("agency_created", "operator", "kumiai")]
    listed = run(folder, "agency", "list")
    assert listed.stdout.splitlines()[-1].split() == [
        *("kumiai", "organization", "chunan", "none", "りんご組合"),
    ]
    told = json.loads(run(folder, "agency", "list", "--json").stdout)
    assert told[-1] == {
        "code": "kumiai",
        "name": "りんご組合",
        "level": "organization",
        "region": "chunan",
        "approval": "none",
        "section_mailbox": None,
    }


def test_what_cannot_be_is_told_and_fails(folder: Path) -> None:
    before = rows(folder, "SELECT count(*) FROM agency")
    refused = run(
        *(folder, "agency", "create", "--code", "m02201", "--name", "青森市"),
        *("--level", "municipality"),
    )
    assert refused.returncode == 1
    assert "このコードはほかの実施機関が使っています。" in refused.stderr
    assert "市町村を選んでください。" in refused.stderr
    assert run(folder, "agency", "create", "--code", "x", "--level", "town").returncode == 2
    assert rows(folder, "SELECT count(*) FROM agency") == before
