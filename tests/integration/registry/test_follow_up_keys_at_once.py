"""Two transactions at once, one that refers and one that deletes: the keys of migration 0012 hold in every order."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import IntegrityError, connection, connections

from tests.factories.follow_up_keys import call, change, delete_row, follow_up, place
from tests.factories.registry import make_citizen

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


class Session(threading.Thread):
    """Another person's transaction: does its work, says so, waits for the word, commits."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.worked, self.may_commit, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.refused: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            with place():
                self.work()
                self.worked.set()
                self.may_commit.wait(20)
        except (IntegrityError, psycopg.Error) as error:
            self.refused = error
        finally:
            self.worked.set()
            self.ended.set()
            connection.close()

    def committed(self) -> bool:
        """Let it commit; whether it could."""
        self.may_commit.set()
        assert self.ended.wait(20), "it waits for ever"
        return self.refused is None


def orphans() -> tuple[int, int, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM registry_followup WHERE citizen_id NOT IN (SELECT id FROM registry_citizen)),"
            " (SELECT count(*) FROM registry_followupchange"
            "  WHERE follow_up_id NOT IN (SELECT id FROM registry_followup)),"
            " (SELECT count(*) FROM campaigns_calltask WHERE citizen_id NOT IN (SELECT id FROM registry_citizen))"
        )
        found: tuple[int, int, int] = cursor.fetchone()
        return found


Pair = tuple[Callable[[], object], Callable[[], object]]


@pytest.fixture(params=["follow-up", "history", "call"])
def pair(request: pytest.FixtureRequest) -> Pair:
    """What refers to a row, and what deletes that row."""
    with place():
        citizen, other = make_citizen(1).pk, make_citizen(2).pk
        one = follow_up(other).pk
    if request.param == "follow-up":
        return lambda: follow_up(citizen), lambda: delete_row("registry_citizen", citizen)
    if request.param == "call":
        return lambda: call(citizen), lambda: delete_row("registry_citizen", citizen)
    return lambda: change(one), lambda: delete_row("registry_followup", one)


@pytest.mark.parametrize("first_to_work", ["refers", "deletes"])
@pytest.mark.parametrize("first_to_commit", ["refers", "deletes"])
def test_the_deletion_gives_way_while_the_reference_is_open(
    pair: Pair, first_to_work: str, first_to_commit: str
) -> None:
    """The deletion looks when it commits, after all who refer have ended: it finds the reference and is refused."""
    work = dict(zip(("refers", "deletes"), pair, strict=True))
    sessions = {}
    for name in sorted(work, key=lambda each: each != first_to_work):
        sessions[name] = Session(work[name])
        assert sessions[name].worked.wait(20)
    if first_to_commit == "deletes":
        sessions["deletes"].may_commit.set()
        assert not sessions["deletes"].ended.wait(0.3), "it does not wait for the open reference"
    assert sessions["refers"].committed()
    assert not sessions["deletes"].committed()
    assert orphans() == (0, 0, 0)


def test_a_reference_to_what_is_gone_by_now_waits_and_is_refused(pair: Pair) -> None:
    refer, delete = pair

    def delete_and_check() -> None:
        delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    deletion = Session(delete_and_check)
    assert deletion.worked.wait(20)
    assert deletion.refused is None
    reference = Session(refer)
    assert not reference.worked.wait(0.3), "it does not wait for the deletion"
    assert deletion.committed()
    assert not reference.committed()
    assert orphans() == (0, 0, 0)


def test_a_reference_that_is_taken_back_lets_the_deletion_pass(pair: Pair) -> None:
    refer, delete = pair

    def refer_and_fail() -> None:
        refer()
        raise IntegrityError("on purpose")

    assert not Session(refer_and_fail).committed()
    assert Session(delete).committed()
    assert orphans() == (0, 0, 0)


def test_many_at_once_leave_nobody_behind() -> None:
    """Twenty transactions, of which half refer to ten citizens and half delete them, in the order the machine gives."""
    with place():
        people = [make_citizen(serial).pk for serial in range(1, 11)]
    sessions = []
    for citizen in people:
        works = [lambda c=citizen: follow_up(c), lambda c=citizen: delete_row("registry_citizen", c)]
        sessions += [Session(work) for work in works]
    for session in sessions:
        session.may_commit.set()
    outcomes = [session.committed() for session in sessions]
    assert sum(outcomes) == len(people), "of each pair exactly one holds"
    assert orphans() == (0, 0, 0)
