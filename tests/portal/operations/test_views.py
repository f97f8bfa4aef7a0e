"""``/healthz`` and ``/readyz`` as a load balancer sees them."""

from pathlib import Path

from flask.testing import FlaskClient

from portal.extensions import Resources
from tests.conftest import MakeApp, MakeDatabase, make_settings
from tests.factories import make_listing


def test_healthy_portal_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok", "problems": {}}


def test_lagging_index_degrades_but_serves(client: FlaskClient, resources: Resources) -> None:
    with resources.sessions() as session:
        make_listing(session)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.get_json() == {
        "status": "degraded",
        "problems": {"index": "1 changes behind"},
    }


def test_lost_index_degrades_but_serves(
    tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp
) -> None:
    settings = make_settings(
        tmp_path,
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_SEARCH_URL=f"whoosh:{tmp_path}/index",
    )
    response = make_app(settings).test_client().get("/readyz")
    assert (response.status_code, response.get_json()["status"]) == (200, "degraded")


def test_lost_database_is_not_ready_but_alive(tmp_path: Path, make_app: MakeApp) -> None:
    settings = make_settings(tmp_path, PORTAL_DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    client = make_app(settings).test_client()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["problems"]["database"] == "OperationalError"
    assert client.get("/healthz").status_code == 200
