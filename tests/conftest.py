"""Servers, databases and limits of every test run.

Servers and environment come first: pytest-django reads the settings after this file is imported.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[1]
os.environ.setdefault("OUTREACH_VAR", str(BASE_DIR / "var" / "test"))
os.environ["DJANGO_SETTINGS_MODULE"] = "outreach.settings"
os.environ["OUTREACH_HTTPS"] = "0"
os.environ["OUTREACH_HASHED_STATIC_FILES"] = "0"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the tests' thread

from outreach.embedded import ensure_servers

ensure_servers()

from tests.browser_program import ARGUMENTS, find_browser
from tests.databases import TestDatabase, run_number, use_own_broker_database

use_own_broker_database(run_number())

pytest_plugins = ["tests.network"]


def pytest_configure() -> None:
    """Use a quick password hash and make the folders that the settings name."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    (BASE_DIR / "static").mkdir(exist_ok=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each test process read the settings after this file gave it addresses of its own, not before."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the long fault drills unless asked for (`bin/test --drills`); let no process wait for the database."""
    if os.environ.get("OUTREACH_DRILLS") != "1":
        for item in items:
            if "drill" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="a drill in full: bin/test --drills"))
    items[:] = _second_process_starts_without_the_database(items)


def _second_process_starts_without_the_database(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of two processes, each with half of the tests, the first migrates the template for a quarter of a minute."""
    if os.environ.get("PYTEST_XDIST_WORKER_COUNT") != "2":
        return items
    without = [item for item in items if not _uses_the_database(item)]
    others = [item for item in items if _uses_the_database(item)]
    begins = len(items) // 2
    return others[:begins] + without + others[begins:]


def _uses_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not {"db", "transactional_db"}.isdisjoint(fixtures)


@pytest.fixture(scope="session")
def test_database(django_db_blocker: pytest.FixtureRequest) -> Iterator[TestDatabase]:
    """The database of this test process."""
    database = TestDatabase()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.create()
    yield database
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase) -> Iterator[None]:
    """Replace pytest-django's set-up: databases are made as the owner, used and rolled back as the application."""
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: test_database.flush()
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True)
def private_uploads(tmp_path: Path, settings: object) -> None:
    """Keep uploaded files of tests out of the data folder."""
    settings.UPLOAD_ROOT = settings.MEDIA_ROOT = tmp_path / "uploads"  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Let Playwright start the Chromium we found; nothing is downloaded."""
    program = find_browser()
    return browser_type_launch_args | {
        "executable_path": program.path,
        "args": ARGUMENTS,
        "env": {**os.environ, **program.environment},
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """Browse as a Danish user."""
    return browser_context_args | {"locale": "da-DK", "timezone_id": "Europe/Copenhagen"}
