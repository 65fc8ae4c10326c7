"""Citizens of Ishøj with phones, people around them, follow-ups and calls, for the pages that show them.

Everything behind row-level security is made inside `records()`; leave it before a client asks for a page.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import CallTask, CallTaskState
from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.audit.models import AccessEvent, Action
from outreach.clock.services import set_demo_clock
from outreach.privacy.sealing import seal
from registry.danish_order import search_key, sort_key
from registry.models import (
    Citizen,
    FollowUp,
    FollowUpStatus,
    Parish,
    Phone,
    PhoneKind,
    PhoneSource,
    Programme,
    Relative,
    RelativeKind,
)

from .geography import ISHOEJ

# Tuesday 20 April 2021, 11.20 in Copenhagen.
NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)
_serial = count(1)


def records(code: int = ISHOEJ) -> AbstractContextManager[Actor]:
    """A context in which the municipality's citizens can be made and read."""
    return data_context(system_actor("test", [code]))


def clock_at(moment: datetime = NOW) -> None:
    """Let the pages show this moment."""
    set_demo_clock(moment)


def citizen(name: str = "Aase Birthe Mikkelsen", cpr: str = "", code: int = ISHOEJ, **changes: Any) -> Citizen:
    """A citizen with a day+60 number, living in the municipality's first parish unless said otherwise."""
    number = cpr or f"710139{next(_serial):04d}"
    sealed = seal("cpr", number)
    values: dict[str, Any] = {
        "name": name,
        "sort_name": sort_key(name),
        "search_name": search_key(name),
        "cpr_ciphertext": sealed.ciphertext,
        "cpr_index": sealed.index,
        "birth_date": date(1939, 1, 11),
        "address": "Vejlebrovej 45, 2. tv.",
        "postal_code": "2635",
        "city": "Ishøj",
        "parish": Parish.objects.filter(main_municipality_id=code).order_by("code").first(),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Citizen.objects.create(municipality_id=code, **values | changes)


def phone(owner: Citizen, number: str = "+4520123456", **changes: Any) -> Phone:
    """A mobile from the municipality's own system unless said otherwise."""
    sealed = seal("phone", number)
    values: dict[str, Any] = {
        "number_ciphertext": sealed.ciphertext,
        "number_index": sealed.index,
        "kind": PhoneKind.MOBILE,
        "source": PhoneSource.SYSTEM,
        "found_at": datetime(2021, 3, 2, 8, 0, tzinfo=UTC),
    }
    return Phone.objects.create(municipality_id=owner.municipality_id, citizen=owner, **values | changes)


def relative(
    owner: Citizen, kind: RelativeKind = RelativeKind.RELATIVE, number: str = "+4530112233", **changes: Any
) -> Relative:
    """A daughter, or a guardian or custody holder."""
    sealed = seal("phone", number)
    values: dict[str, Any] = {
        "name": "Lone Mikkelsen",
        "relation": "datter" if kind == RelativeKind.RELATIVE else "",
        "phone_ciphertext": sealed.ciphertext,
        "phone_index": sealed.index,
    }
    return Relative.objects.create(municipality_id=owner.municipality_id, citizen=owner, kind=kind, **values | changes)


def follow_up(owner: Citizen, programme: str = "covid-19", **changes: Any) -> FollowUp:
    """An open follow-up to be called now, in its second week, with a deadline tomorrow."""
    values: dict[str, Any] = {
        "programme": Programme.objects.get_or_create(code=programme, defaults={"name": programme})[0],
        "target_group": "7",
        "mandatory": True,
        "invited_on": date(2021, 3, 22),
        "weeks_on_list": 2,
        "status": FollowUpStatus.OPEN,
        "opened_at": NOW - timedelta(days=7),
        "first_contact_due": date(2021, 4, 21),
        "answer_due": date(2021, 5, 5),
        "next_step_kind": "call",
        "next_step_at": NOW - timedelta(minutes=20),
        "next_step_reason": "sms_unanswered",
        "updated_at": NOW,
    }
    return FollowUp.objects.create(municipality_id=owner.municipality_id, citizen=owner, **values | changes)


def call_task(owner: Citizen, **changes: Any) -> CallTask:
    """A call that is due now."""
    values: dict[str, Any] = {
        "household_key": owner.household_key or f"citizen:{owner.pk}",
        "due_at": NOW - timedelta(minutes=20),
        "priority": 1,
        "deadline": date(2021, 4, 21),
        "language": owner.language,
        "created_at": NOW - timedelta(days=1),
    }
    return CallTask.objects.create(municipality_id=owner.municipality_id, citizen=owner, **values | changes)


def claimed(task: CallTask, user: User, minutes: int = 30) -> CallTask:
    """The task in the hands of a caller."""
    task.state, task.claimed_by, task.claimed_until = CallTaskState.CLAIMED, user, NOW + timedelta(minutes=minutes)
    task.save()
    return task


def waiting_citizen(name: str = "Aase Birthe Mikkelsen", **changes: Any) -> CallTask:
    """A citizen with phone, follow-up and a call that is due: the ordinary case."""
    owner = citizen(name, **changes)
    phone(owner, f"+4520{next(_serial):06d}")
    follow_up(owner)
    return call_task(owner)


def logged(action: Action, **criteria: Any) -> list[AccessEvent]:
    """The access log's rows of Ishøj."""
    with records():
        return list(AccessEvent.objects.filter(action=action, **criteria))


def queries_of(ask: Callable[[], object]) -> int:
    """How many queries a request makes, the second time: the first one fills caches."""
    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)
