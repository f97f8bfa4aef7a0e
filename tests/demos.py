"""Demos to test on: each is loaded once for all tests of a run, and copied for those that want it.

Loading one takes as long as twenty tests do.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def loaded_once(factory: pytest.TempPathFactory, name: str, load: Callable[[Path], None]) -> Path:
    """The data folder of a demo, loaded by whoever needs it first; to be copied and not used.

    :param load: fills a data folder.
    """
    own: Path = factory.getbasetemp()
    # The processes of a run have their folders side by side.
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    demo, unfinished = shared / name, shared / f"{name}.unfinished"
    with FileLock(shared / f"{name}.lock"):
        if not demo.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            load(unfinished / "data")
            unfinished.rename(demo)
    return demo / "data"


def copy_demo(demo: Path, folder: Path) -> Path:
    """Make a data folder as if a demo had been loaded there; returns it."""
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    return folder
