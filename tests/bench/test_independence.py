"""Nothing that serves the portal needs what measures it."""

import pytest

from tests.project.test_imports import imported_modules, python_files


@pytest.mark.parametrize("folder", ["portal", "search_index"])
def test_the_portal_imports_nothing_of_the_measurements(folder: str) -> None:
    for path in python_files(folder):
        assert not any(name.split(".")[0] == "bench" for name in imported_modules(path)), path
