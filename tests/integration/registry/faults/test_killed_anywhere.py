"""Killed at any moment, work is where it was before or where it ends, in every table: never between (F02).

The whole life of a second week's list, one piece of work after the other. Each is done once without a fault, and the
whole database summed up after each of its transactions. Then a process that does the same from the same start is
killed at a random moment, again and again; at last it is let alone, and ends exactly where the undisturbed one did.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context, job_context
from registry.imports import citizen_jobs, citizen_upsert, list_matching, lists
from registry.models import CitizenImport, FollowUp, FollowUpStatus, Municipality, NonresponderList
from registry.services.citizen_imports import receive_citizen_file
from registry.services.lists import approve, undo
from tests.databases import TestDatabase
from tests.factories.geography import ISHOEJ
from tests.factories.registry import FIRST_WEEK, NOON, committed_list, cpr_number, csv_file, receive

from .copies import Copies
from .processes import forked, is_alive, kill_tree, wait_for

DRILL = os.environ.get("OUTREACH_DRILLS") == "1"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600 if DRILL else 300)]
# A machine with little time left takes fewer.
ROWS = int(os.environ.get("OUTREACH_DRILL_ROWS", "200000")) if DRILL else 600
NEW = ROWS // 20
# How often each moment of the list's life is aimed at: 50 in a drill.
KILLS = (
    {"reading": 9, "matching": 9, "review": 8, "commit": 8, "planning": 8, "undo": 8}
    if DRILL
    else dict.fromkeys(("reading", "matching", "review", "commit", "planning", "undo"), 1)
)
CITIZEN_KILLS = {"reading the citizens": 4, "writing the citizens": 6} if DRILL else {"writing the citizens": 2}
Mark = Callable[[str], None]


@dataclass
class Work:
    """What one process does. `moments`: their names, each with how many transactions are over when it begins."""

    moments: dict[str, int]
    do: Callable[[Mark], object]
    # Does its first transactions only, so that their sums are known.
    partly: list[Callable[[], object]] = field(default_factory=list)
    # What must have happened before.
    given: Callable[[], object] = lambda: None


def marked(module: object, name: str, mark: Callable[[], None], *, after: bool = False) -> None:
    """Say when the module's function is called, or when it has ended. For a process that will be killed."""
    real = getattr(module, name)

    def function(*args: object, **options: object) -> object:
        if not after:
            mark()
        result = real(*args, **options)
        if after:
            mark()
        return result

    setattr(module, name, function)


def number(serial: int) -> str:
    """A number of its own for each of 200,000: 3,000 for each year of birth, all in the 20th century."""
    return cpr_number(serial % 3000, year=20 + serial // 3000)


def listed(first: int) -> BytesIO:
    serials = range(first, first + ROWS)
    return csv_file([(number(serial), f"Testperson {serial}", "7", "08-03-2021") for serial in serials])


def received_citizens(admin: Actor, number_of_them: int) -> CitizenImport:
    lines = [[number(serial), f"Navn {serial}", f"Vej {serial}", f"20{serial:06d}"] for serial in range(number_of_them)]
    with data_context(admin):
        return receive_citizen_file(
            by=admin,
            municipality=Municipality.objects.get(pk=admin.municipality_code),
            file=csv_file(lines, ("cpr", "navn", "adresse", "telefon")),
            display_name="borgere.csv",
            now=NOON,
        )


def life_of_a_list(admin: Actor) -> list[Work]:
    """A second week: nearly everybody is seen again, a twentieth are new and as many gone; some have telephones."""
    committed_list(admin, listed(0))
    citizen_jobs.run(received_citizens(admin, 2 * NEW).pk, now=NOON)
    second = receive(admin, listed(NEW), as_of=FIRST_WEEK + timedelta(days=7))
    now, later = second.uploaded_at, second.uploaded_at + timedelta(days=10)

    def current() -> NonresponderList:
        return NonresponderList.objects.get(pk=second.pk)

    def read_and_review(mark: Mark) -> None:
        marked(list_matching, "_copy", lambda: mark("matching"), after=True)
        marked(lists, "review", lambda: mark("review"))
        mark("reading")
        lists.advance(second.pk, now=now)

    def commit(mark: Mark) -> None:
        mark("commit")
        with data_context(admin):
            approve(by=admin, nonresponder_list=current(), now=now)

    def plan_everybody(mark: Mark) -> None:
        mark("planning")
        with job_context("planner", [ISHOEJ]) as by:
            plan(by=by, now=later)

    def everybody_has_a_stale_step() -> None:
        with data_context(admin):
            opened = FollowUp.objects.filter(status=FollowUpStatus.OPEN)
            assert opened.update(next_step_reason="stale") == ROWS

    def take_back(mark: Mark) -> None:
        mark("undo")
        with data_context(admin):
            undo(by=admin, nonresponder_list=current(), now=later)

    read_only = [lambda: list_matching.read_and_match(current(), job=lists.JOB, now=now)]
    return [
        Work({"reading": 0, "matching": 0, "review": 1}, read_and_review, read_only),
        Work({"commit": 0}, commit),
        Work({"planning": 0}, plan_everybody, given=everybody_has_a_stale_step),
        Work({"undo": 0}, take_back),
    ]


def life_of_a_citizen_file(admin: Actor) -> list[Work]:
    """People on a list get addresses and telephones, so that calls and messages follow; the file is erased."""
    committed_list(admin, listed(0))
    received = received_citizens(admin, ROWS)

    def read(mark: Mark) -> None:
        marked(citizen_upsert, "_copy", lambda: mark("writing the citizens"), after=True)
        mark("reading the citizens")
        citizen_jobs.run(received.pk, now=NOON)

    return [Work({"reading the citizens": 0, "writing the citizens": 0}, read)]


@pytest.fixture
def copies(transactional_db: None, test_database: TestDatabase, tmp_path: Path) -> Iterator[Copies]:
    made = Copies(test_database, tmp_path / "uploads-before", large=DRILL)
    yield made
    made.remove()


class Drill:
    """Kills one piece of work after the other, and counts what was hit and what was left."""

    def __init__(self, copies: Copies, folder: Path) -> None:
        self.copies = copies
        self.marks, self.log = folder / "marks", folder / "worker.log"
        self.chance = random.Random(183)
        self.hit, self.left = Counter[str](), Counter[str]()

    def process(self, work: Work) -> tuple[dict[str, float], float]:
        """Do it undisturbed in a process of its own; when each moment began, and when it ended."""
        self.marks.unlink(missing_ok=True)
        worker = forked(lambda: work.do(self.mark), self.log)
        wait_for(lambda: not is_alive(worker), "the work undisturbed", seconds=600)
        ended = time.time()
        return {name: float(at) for name, at in self.told()}, ended

    def mark(self, name: str) -> None:
        with self.marks.open("a") as file:
            file.write(f"{name}\t{time.time()}\n")

    def told(self) -> list[tuple[str, str]]:
        lines = self.marks.read_text().splitlines() if self.marks.exists() else []
        return [(name, at) for name, _, at in (line.partition("\t") for line in lines)]

    def run(self, work: Work, kills: dict[str, int]) -> None:
        """The original is where the work begins; afterwards it is where it ends."""
        copies = self.copies
        work.given()
        copies.original()
        copies.make()
        states = [copies.sums()]
        for part in work.partly:
            part()
            states.append(copies.sums())
        copies.make()
        began, ended = self.process(work)
        states.append(copies.sums())
        assert len({tuple(sums.items()) for sums in states}) == len(states), f"{list(began)} did not do its work"
        assert list(began) == list(work.moments)
        ends = dict(zip(began, [*list(began.values())[1:], ended], strict=True))
        copies.make()
        found = 0
        for moment, number_of_kills in kills.items():
            for _kill in range(number_of_kills if moment in work.moments else 0):
                if found:
                    copies.make()
                found = self.kill_once(work, moment, ends[moment] - began[moment], states)
        self.process(work)
        assert copies.sums() == states[-1]
        assert_nothing_is_left()
        copies.original()
        work.do(lambda name: None)

    def kill_once(self, work: Work, moment: str, seconds: float, states: list[dict[str, str]]) -> int:
        """Kill the process at random within the moment; how many transactions were over."""
        self.marks.unlink(missing_ok=True)
        worker = forked(lambda: work.do(self.mark), self.log)
        wait_for(lambda: moment in [name for name, _at in self.told()] or not is_alive(worker), moment, seconds=600)
        time.sleep(self.chance.uniform(0, seconds))
        died_of_it = is_alive(worker)
        kill_tree(worker)
        self.copies.settle()
        sums = self.copies.sums()
        assert sums in states, {table: each for table, each in sums.items() if each != states[0][table]}
        found = states.index(sums)
        hit = self.told()[-1][0] if died_of_it else "ended before"
        if died_of_it:
            assert found in (work.moments[hit], work.moments[hit] + 1)
        self.hit[hit] += 1
        self.left["before" if found == 0 else "after" if found == len(states) - 1 else "between transactions"] += 1
        for model in (NonresponderList, CitizenImport):
            # As when its time has run out; what kills three workers is given up (F09), which is not asked here.
            model.objects.update(leased_until=None, attempts=0)
        return found


def assert_nothing_is_left() -> None:
    """No lease is held, and each file lies in the store for a list that is known."""
    for model in (NonresponderList, CitizenImport):
        assert not model.objects.exclude(leased_until=None).exists()
    known = set(NonresponderList.objects.values_list("stored_name", flat=True))
    known |= set(CitizenImport.objects.exclude(stored_name="").values_list("stored_name", flat=True))
    assert {path.name for path in settings.UPLOAD_ROOT.rglob("*") if path.is_file()} == known


@pytest.mark.case("F02")
@pytest.mark.parametrize(
    ("life", "kills"),
    [(life_of_a_list, KILLS), (life_of_a_citizen_file, CITIZEN_KILLS)],
    ids=["list", "citizen file"],
)
def test_work_killed_at_a_random_moment_is_before_or_after(
    admin: Actor, copies: Copies, life: Callable[[Actor], list[Work]], kills: dict[str, int], tmp_path: Path
) -> None:
    drill, started = Drill(copies, tmp_path), time.monotonic()
    for work in life(admin):
        drill.run(work, kills)
    assert sum(drill.left.values()) == sum(kills.values())
    print(
        f"\n{ROWS} rows, {sum(kills.values())} kills: hit {dict(drill.hit)}; left {dict(drill.left)}; none between;"
        f" {time.monotonic() - started:.0f} s"
    )
