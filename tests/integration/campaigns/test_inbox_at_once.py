"""A reply is worked on while its citizen's work is ended: both lock the citizen first, no ring of waits (S7, C3)."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from campaigns.models import Conversation
from campaigns.services.inbox import attach, call_back, receive_reply
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen
from tests.factories.callbacks import MOBILE, sid
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=5)
Work = Callable[[Actor, Conversation, Citizen], object]


def writes(by: Actor, serial: int) -> Conversation:
    reply = receive_reply(
        by=by, municipality_id=ISHOEJ, number=MOBILE, body="Hej", gateway_id=sid(serial), media=0, at=NOW, now=NOW
    )
    assert reply is not None
    return reply.conversation


def is_awaited() -> bool:
    """Whether somebody waits for a row that this session holds."""
    with connection.cursor() as cursor:
        # Not pg_stat_activity, which stays as it was first seen in a transaction.
        waiting = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        cursor.execute(f"SELECT EXISTS ({waiting})")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "work",
    [
        lambda by, found, owner: attach(by=by, conversation=found, citizen=owner, own_number=True, now=LATER),
        lambda by, found, _owner: call_back(by=by, conversation=found, now=LATER),
        lambda by, _found, _owner: writes(by, 2),
    ],
    ids=["attach", "call_back", "reply"],
)
def test_who_works_on_a_reply_holds_nothing_while_the_citizens_work_is_ended(work: Work) -> None:
    mette = actor_with_role(Role.CASEWORKER, username="mette")
    with records() as by:
        owner = citizen("Aase Ager")
        phone(owner, MOBILE)
        follow_up(owner, next_step_kind="sms", next_step_at=NOW, next_step_reason="first_contact")
        found = writes(by, 1)
    faults: list[BaseException] = []

    def works() -> None:
        try:
            with data_context(mette):
                work(mette, found, owner)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    worker = Thread(target=works)
    with records(), transaction.atomic():
        Citizen.objects.select_for_update().get(pk=owner.pk)
        worker.start()
        ends = time.monotonic() + 60
        while not is_awaited() and worker.is_alive() and time.monotonic() < ends:
            time.sleep(0.02)
        assert is_awaited()
        # Free at once: it would otherwise be a wait in a ring.
        assert Conversation.objects.select_for_update(nowait=True).get(pk=found.pk) == found
    worker.join()
    assert not faults, faults
