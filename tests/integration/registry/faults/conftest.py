"""Fixtures of the fault tests. Models are imported late: this file is read before Django is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from outreach.access.actor import Actor


@pytest.fixture
def admin(transactional_db: None) -> Actor:
    """The list administrator of Ishøj."""
    from outreach.access.roles import Role
    from tests.factories.cast import actor_with_role

    return actor_with_role(Role.LIST_ADMIN, username="listeadmin")


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., psutil.Process]]:
    """Starts workers of the import queue, unchanged or with something done to their process before they begin."""
    from outreach.celery import app

    from .processes import celery_worker, kill_tree

    started: list[psutil.Process] = []
    app.control.purge()

    def start(change: Callable[[], object] | None = None) -> psutil.Process:
        started.append(celery_worker(tmp_path / "worker.log", f"faults-{len(started)}", change))
        return started[-1]

    yield start
    for process in started:
        kill_tree(process)
    app.control.purge()
