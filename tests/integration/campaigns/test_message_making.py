"""SS01, SS02, SS04, S1, S7: one function makes a message for all, once for each step; each kind has its own check."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from campaigns.models import MessageTemplate, OptOut, SmsMessage, SmsPurpose
from campaigns.services.message_queue import queue_due_messages, queue_message
from campaigns.services.messages import dispatch_due, rechecks
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from outreach.errors import UserError
from registry.models import Citizen
from tests.factories.campaigns import NOW, CountingGateway, statuses
from tests.factories.contact_pages import citizen, follow_up, phone, records

pytestmark = pytest.mark.django_db
SUNDAY = datetime.fromisoformat("2021-04-18T10:00:00+00:00")


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """These messages belong to no booking or wave: the checks of those parts would cancel them."""
    monkeypatch.setattr(rechecks, "_rechecks", {})


@pytest.fixture
def owner() -> Citizen:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=183, name="Ishøj Kommune")
    with records():
        made = citizen("Aase Birthe Mikkelsen")
        phone(made, "+4520123456")
        return made


def _template(body: str = "Hej {fornavn}.", content_class: str = "neutral") -> MessageTemplate:
    number = MessageTemplate.objects.filter(code="proeve").count() + 1
    values = {"code": "proeve", "version": number, "body": body, "content_class": content_class}
    return MessageTemplate.objects.create(**values, approved_at=NOW)


def _make(owner: Citizen, template: MessageTemplate | None, **changes: object) -> SmsMessage | None:
    with records() as by:
        values: dict[str, object] = {
            "fields": {"fornavn": "Aase"},
            "purpose": SmsPurpose.RECEIPT,
            "step_key": "receipt:1:confirmed",
            "not_before": NOW,
        }
        number = owner.phones.get()
        return queue_message(by=by, citizen=owner, phone=number, template=template, now=NOW, **values | changes)


@pytest.mark.case("SS04")
def test_the_same_step_makes_one_message_and_says_so(owner) -> None:
    template = _template()
    first = _make(owner, template)
    assert first is not None
    assert (first.body, first.purpose, first.status) == ("Hej Aase.", "receipt", "queued")
    assert _make(owner, template) is None
    with records():
        assert [change.status for change in first.changes.all()] == ["queued"]
        assert SmsMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "content_class", "fields", "code"),
    [
        ("Hej {fornavn}.", "neutral", {"fornavn": " "}, "template_field_missing"),
        ("Hej {fornavn}.", "neutral", {}, "template_field_missing"),
        ("x" * 1600, "neutral", {}, "message_too_long"),
        ("Hej.", "health", {}, "template_health"),
    ],
)
@pytest.mark.case("SS01", "SS02")
def test_a_text_that_cannot_be_sent_makes_no_row(owner, body, content_class, fields, code) -> None:
    with pytest.raises(UserError) as refused:
        _make(owner, _template(body, content_class), fields=fields)
    assert refused.value.code == code
    with records():
        assert not SmsMessage.objects.exists()


def test_a_number_that_takes_or_wants_none_makes_no_row(owner) -> None:
    template = _template()
    with records():
        number = owner.phones.get()
        OptOut.objects.create(municipality_id=183, number_index=number.number_index, since=NOW, source="reply")
    with pytest.raises(UserError, match="frameldt"):
        _make(owner, template)
    with records():
        OptOut.objects.all().delete()
        owner.phones.update(wrong_since=NOW)
    with pytest.raises(UserError, match="kan ikke få sms"):
        _make(owner, template)


def test_only_a_reply_does_without_a_template(owner) -> None:
    with pytest.raises(UserError, match="ingen tekst"):
        _make(owner, None, body="Hej")
    with pytest.raises(UserError, match="ingen tekst"):
        _make(owner, None, purpose=SmsPurpose.REPLY, body="  ")
    made = _make(owner, None, purpose=SmsPurpose.REPLY, body="Hej Aase", step_key="reply:1:1")
    assert made is not None
    assert made.template is None


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_not_held_by_yesterdays_message_and_a_wave_is(owner) -> None:
    template, gateway = _template(), CountingGateway()
    _make(owner, template)
    assert dispatch_due(now=NOW, gateway=gateway) == {"accepted": 1}
    later = NOW + timedelta(hours=2)
    _make(owner, template, step_key="receipt:2:confirmed")
    _make(owner, template, step_key="wave:1:1", purpose=SmsPurpose.WAVE)
    assert dispatch_due(now=later, gateway=gateway) == {"accepted": 1, "queued": 1}
    with records():
        assert SmsMessage.objects.get(purpose="wave").status_reason == "recent_message"


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("SS07")
def test_an_answer_of_a_person_goes_on_a_sunday_and_not_at_night(owner) -> None:
    gateway = CountingGateway()
    _make(owner, None, purpose=SmsPurpose.REPLY, body="Hej Aase", step_key="reply:1:1", not_before=SUNDAY)
    _make(owner, _template(), step_key="receipt:1:1", not_before=SUNDAY)
    assert dispatch_due(now=SUNDAY, gateway=gateway) == {"accepted": 1, "queued": 1}
    _make(owner, None, purpose=SmsPurpose.REPLY, body="Og igen", step_key="reply:1:2", not_before=SUNDAY)
    assert dispatch_due(now=SUNDAY + timedelta(hours=10), gateway=gateway) == {"queued": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("SS10")
def test_each_kind_of_message_brings_its_own_last_check(owner) -> None:
    asked: list[int] = []

    def moved(messages: list[SmsMessage], _now: datetime) -> dict[UUID, str]:
        asked.append(len(messages))
        return {message.pk: "booking_moved" for message in messages}

    rechecks.register(SmsPurpose.REMINDER, moved)
    _make(owner, _template(), purpose=SmsPurpose.REMINDER, step_key="reminder:1:1")
    _make(owner, _template("Hej igen."), step_key="receipt:1:1")
    gateway = CountingGateway()
    assert dispatch_due(now=NOW, gateway=gateway) == {"cancelled": 1, "accepted": 1}
    assert asked == [1]
    with records():
        assert SmsMessage.objects.get(status="cancelled").status_reason == "booking_moved"
    assert statuses() == {"cancelled": 1, "accepted": 1}


@pytest.mark.case("SS02")
def test_one_without_a_name_keeps_nobody_else_from_the_message_that_is_due(owner) -> None:
    with records() as by:
        nameless = citizen(" ")
        phone(nameless, "+4520123457")
        for each in (owner, nameless):
            follow_up(each, next_step_kind="sms", next_step_at=NOW, next_step_reason="first_sms")
        plan_queue = queue_due_messages(by=by, now=NOW, citizen_ids=None, nonresponder_list_id=None)
        assert (plan_queue.number, plan_queue.without_usable_number) == (1, [nameless.pk])
        assert [each.citizen_id for each in SmsMessage.objects.all()] == [owner.pk]
        plan(by=by, now=NOW, citizen_ids=[nameless.pk])
        assert nameless.follow_ups.get().next_step_kind == "call"
        assert nameless.phones.get().wrong_since is None
