"""The samples, as a check looks at them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.app import create_app
from portal.installation import load_demo
from tests.conftest import make_settings, resources_of


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal with the samples in it, which no test changes."""
    app = create_app(make_settings(tmp_path_factory.mktemp("demo")))
    load_demo(resources_of(app))
    yield app
    resources_of(app).close()
