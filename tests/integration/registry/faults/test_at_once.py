"""Two at the same moment: an import and an edit, two lists, two people with one file. Real threads, real commits."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import set_demo_clock
from outreach.errors import UserError
from registry.imports import citizen_jobs
from registry.imports.lists import advance
from registry.models import (
    Citizen,
    CitizenEdit,
    FollowUp,
    ListState,
    Municipality,
    NonresponderList,
    PhoneKind,
    PhoneSource,
    Programme,
    TargetGroup,
)
from registry.services.citizen_imports import receive_citizen_file
from registry.services.lists import approve
from registry.services.phones import add_phone
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.registry import FIRST_WEEK, NOON, cpr_number, csv_file, make_citizen, receive, reviewed_list, row

from .processes import connect, held_up, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
ROUNDS = 50 if os.environ.get("OUTREACH_DRILLS") == "1" else 5
DEADLOCK_SECONDS = 1  # PostgreSQL's own deadlock_timeout
EDITED = {
    "name": "Testperson 1", "address": "Nyvej 2", "postal_code": "2635", "city": "Ishøj", "email": "", "language": "da",
}  # fmt: skip


def alone(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work in a thread, with a connection of its own that is closed when it ends."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do the works in a thread each, from the same moment on; what each answered, or the UserError it raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(timeout=20)
        try:
            return work()
        except UserError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(alone(partial(run, work))) for work in works]]


def approved(by: Actor, reviewed: NonresponderList) -> NonresponderList:
    with data_context(by):
        return approve(by=by, nonresponder_list=reviewed, now=reviewed.uploaded_at)


@pytest.fixture
def caseworker(transactional_db: None) -> Client:
    set_demo_clock(NOON)
    return client_with_role(Role.CASEWORKER)


@pytest.fixture
def citizen(admin: Actor) -> Citizen:
    """Somebody with a number, so that a list makes a call or a message at once."""
    with data_context(admin):
        made = make_citizen(1, address="Prøvevej 1", postal_code="2635", city="Ishøj")
        add_phone(
            by=admin, citizen=made, number="20111111", kind=PhoneKind.MOBILE, source=PhoneSource.CITIZEN, now=NOON
        )
        return made


@contextmanager
def counted_deadlock() -> Iterator[None]:
    """PostgreSQL ends somebody for it in this database meanwhile; its figures come a moment late."""

    def count() -> int:
        with connect(autocommit=True) as looker:
            found = looker.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            return int(found.fetchone()[0])  # type: ignore[index]

    before = count()
    yield
    wait_for(lambda: count() > before, "a deadlock")


@pytest.mark.case("F36")
@pytest.mark.parametrize("ended", ["the edit", "the commit"])
def test_deadlock_between_a_commit_and_an_edit_loses_neither(
    admin: Actor, caseworker: Client, citizen: Citizen, ended: str
) -> None:
    """The commit is alone in its municipality and wants the citizen's row, for the call it makes; the edit has the row
    and wants to plan. PostgreSQL ends whoever is let on last: the other has looked for a deadlock before there was one.
    """
    reviewed = reviewed_list(admin, csv_file([row(1)]))
    other_admin = client_with_role(Role.LIST_ADMIN, username="anden_admin")
    held = {"the commit": "registry_followup", "the edit": "registry_citizenedit"}
    first, last = (held[each] for each in sorted(held, key=lambda each: each == ended))
    with counted_deadlock(), ThreadPoolExecutor(2) as pool:
        with held_up(last) as wait_for_last:
            with held_up(first) as wait_for_first:
                commit = pool.submit(alone(lambda: other_admin.post(f"/lister/{reviewed.pk}/godkend/")))
                edit = pool.submit(alone(lambda: caseworker.post(f"/borgere/{citizen.pk}/ret/", EDITED)))
                wait_for_first()
                wait_for_last()
            time.sleep(DEADLOCK_SECONDS * 1.5)
        answers = [commit.result(timeout=60).status_code, edit.result(timeout=60).status_code]
    assert answers == [302, 302]
    with data_context(admin):
        assert Citizen.objects.get().address == "Nyvej 2"
        assert FollowUp.objects.get().weeks_on_list == 1
        assert NonresponderList.objects.get().state == ListState.COMMITTED


@pytest.mark.case("F36")
def test_deadlock_between_a_citizen_file_and_an_edit_loses_neither(
    admin: Actor, caseworker: Client, citizen: Citizen
) -> None:
    """The file has the question about the name and wants the citizen; the edit has the citizen, and settles it.

    PostgreSQL ends the edit, let on last; it is run again after the file, and nobody posts twice.
    """
    page = f"/borgere/{citizen.pk}/ret/"
    caseworker.post(page, EDITED | {"name": "Vores Navn"})
    citizen_jobs.run(received_file(admin, "Filens Navn", "a@example.dk"), now=NOON)
    second = received_file(admin, "Filens Andet Navn", "b@example.dk")
    with counted_deadlock(), ThreadPoolExecutor(2) as pool:
        with connect() as holder:
            with data_context(admin):
                remembered = CitizenEdit.objects.get(field="name").pk
            see_municipality(holder)
            holder.execute("SELECT FROM registry_citizenedit WHERE id = %s FOR UPDATE", [remembered])
            edit = pool.submit(alone(lambda: caseworker.post(page, EDITED | {"name": "Filens Navn"})))
            wait_for(lambda: waiting_for_others() == 1, "the edit, which has the citizen")
            file = pool.submit(alone(lambda: citizen_jobs.run(second, now=NOON)))
            wait_for(lambda: waiting_for_others() == 2, "the file, which has the question")
            time.sleep(DEADLOCK_SECONDS * 1.5)
        answers = [file.result(timeout=60).state, edit.result(timeout=60).status_code]
    assert answers == ["done", 302]
    with data_context(admin):
        changed = Citizen.objects.get()
        assert (changed.name, changed.address, changed.email) == ("Filens Navn", "Nyvej 2", "")


def see_municipality(holder: psycopg.Connection) -> None:
    """Row security counts for the test's own connection too."""
    holder.execute("SELECT set_config('app.municipalities', %s, true)", ["{183}"])


def waiting_for_others() -> int:
    """How many in this database wait for somebody else's transaction to end."""
    with connect(autocommit=True) as looker:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return int(looker.execute(waiting).fetchone()[0])  # type: ignore[index]


def received_file(admin: Actor, name: str, email: str) -> int:
    with data_context(admin):
        return receive_citizen_file(
            by=admin,
            municipality=Municipality.objects.get(pk=admin.municipality_code),
            file=csv_file([[cpr_number(1), name, email]], ("cpr", "navn", "email")),
            display_name="borgere.csv",
            now=NOON,
        ).pk


@pytest.fixture
def influenza() -> Iterator[str]:
    """Another programme with the group that the factories' rows are in."""
    programme = Programme.objects.get(code="influenza")
    group = TargetGroup.objects.filter(programme__code="covid-19", code="7").get()
    group.pk, group.programme = None, programme
    group.save()
    yield "influenza"
    group.delete()


@pytest.mark.case("F37")
def test_two_programmes_lists_with_one_unknown_number_make_one_citizen(admin: Actor, influenza: str) -> None:
    """The second to commit finds the citizen made meanwhile, and asks for another look instead of failing."""
    reviewed = [reviewed_list(admin, csv_file([row(1)]), programme=programme) for programme in ("covid-19", influenza)]
    ended = at_once(*(partial(approved, admin, each) for each in reviewed))
    assert sorted(each.state for each in ended) == ["committed", "reviewed"]
    (waiting,) = [each for each in ended if each.state == "reviewed"]
    assert [gate["code"] for gate in waiting.gates] == ["changed_since_review"]
    assert approved(admin, waiting).state == "committed"
    with data_context(admin):
        assert Citizen.objects.count() == 1
        assert sorted(FollowUp.objects.values_list("programme__code", flat=True)) == ["covid-19", influenza]


@pytest.mark.case("F44")
def test_two_admins_upload_the_same_file_in_the_same_second(admin: Actor, settings: Any) -> None:
    """One is taken, the other is told whose it is; one file lies in the store."""
    admins = [admin, actor_with_role(Role.LIST_ADMIN, username="anden_admin")]
    for round_number in range(1, ROUNDS + 1):
        content = csv_file([row(round_number)]).getvalue()
        answers = at_once(*(partial(receive, each, BytesIO(content)) for each in admins))
        taken = [each for each in answers if isinstance(each, NonresponderList)]
        refused = [each.code for each in answers if isinstance(each, UserError)]
        assert (len(taken), refused) == (1, ["same_file_in_progress"])
        assert NonresponderList.objects.count() == round_number
        assert len(list((settings.UPLOAD_ROOT / "lists").iterdir())) == round_number


@pytest.mark.case("F45")
@pytest.mark.parametrize("first", [0, 1], ids=["the older week first", "the newer week first"])
def test_two_weeks_at_once_are_committed_one_after_the_other(admin: Actor, first: int) -> None:
    """The second waits for the first, and is compared with it: a newer one is matched anew, an older one held."""
    weeks = [FIRST_WEEK, FIRST_WEEK + timedelta(days=7)]
    invited = ["08-03-2021", "15-03-2021"]
    received = [
        receive(admin, csv_file([row(serial, invited=day) for serial in range(1, 4)]), as_of=week)
        for week, day in zip(weeks, invited, strict=True)
    ]
    reviewed = at_once(*(partial(advance, each.pk, now=each.uploaded_at) for each in received))
    assert [each.state for each in reviewed] == ["reviewed", "reviewed"]
    with ThreadPoolExecutor(2) as pool:
        with held_up("registry_followup") as wait:
            earlier = pool.submit(alone(partial(approved, admin, reviewed[first])))
            wait()
            later = pool.submit(alone(partial(approved, admin, reviewed[1 - first])))
            wait_for(somebody_waits_for_a_commit, "the second approval")
        states = [earlier.result(timeout=60).state, later.result(timeout=60).state]
    older, newer = (NonresponderList.objects.get(pk=each.pk) for each in received)
    if first == 0:
        assert states == ["committed", "uploaded"]
        again = advance(newer.pk, now=newer.uploaded_at)
        assert (again.state, again.counts) == ("reviewed", {"waiting": 3})
        assert approved(admin, again).state == "committed"
    else:
        assert states == ["committed", "reviewed"]
        assert [gate["code"] for gate in older.gates] == ["older_than_newest", "changed_since_review"]
    with data_context(admin):
        found = set(FollowUp.objects.values_list("weeks_on_list", "last_list", "invited_on"))
    assert found == {(2 - first, newer.pk, date(2021, 3, 15))}


def somebody_waits_for_a_commit() -> bool:
    with connect(autocommit=True) as looker:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
        return looker.execute(waiting).fetchone() == (1,)
