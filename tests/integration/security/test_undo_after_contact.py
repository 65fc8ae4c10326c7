"""A list is not undone while one of its messages may be on its way, even when nobody knows whether it arrived (L5)."""

from datetime import timedelta

import pytest

from campaigns.models import MessageTemplate, SmsMessage
from campaigns.services.bookings import Wishes, request_booking, withdraw
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import FollowUp, ListState
from registry.services.lists import undo
from tests.factories.cast import actor_with_role
from tests.factories.registry import FIRST_WEEK, committed_list, csv_file, make_citizen, row
from tests.factories.world import make_phone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["handing_over", "in_doubt", "accepted", "cancelled"])
def test_undo_and_a_message(status):
    admin = actor_with_role(Role.LIST_ADMIN)
    with data_context(admin):
        make_citizen(1)
    listed = committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK)
    later = listed.committed_at + timedelta(hours=1)
    with data_context(admin):
        follow_up = FollowUp.objects.get()
        phone = make_phone(follow_up.citizen, "+4520123456", later)
        SmsMessage.objects.create(
            municipality=follow_up.municipality,
            citizen=follow_up.citizen,
            follow_up=follow_up,
            phone=phone,
            number_ciphertext=phone.number_ciphertext,
            number_index=phone.number_index,
            template=MessageTemplate.objects.all()[0],
            body="Ring til os",
            encoding="gsm7",
            segments=1,
            status=status,
            status_at=later,
            not_before=later,
            handed_over_at=later,
            step_key="sms-1",
            queued_at=later,
        )
        if status == "cancelled":
            assert undo(by=admin, nonresponder_list=listed, now=later).state == ListState.UNDONE
            return
        with pytest.raises(UserError) as refusal:
            undo(by=admin, nonresponder_list=listed, now=later)
        assert refusal.value.code == "undo_contacted"
        listed.refresh_from_db()
        assert listed.state == ListState.COMMITTED
        assert FollowUp.objects.get().status == "open"


def test_undo_and_a_time_asked_for_without_a_call():
    admin, caseworker = actor_with_role(Role.LIST_ADMIN), actor_with_role(Role.CASEWORKER, username="mette")
    with data_context(admin):
        make_citizen(1)
    listed = committed_list(admin, csv_file([row(1)]), as_of=FIRST_WEEK)
    later = listed.committed_at + timedelta(hours=1)
    with data_context(caseworker):
        follow_up = FollowUp.objects.get()
        request = request_booking(
            by=caseworker, citizen=follow_up.citizen, follow_ups=[follow_up], wishes=Wishes(), now=later
        )
    with data_context(admin), pytest.raises(UserError) as refusal:
        undo(by=admin, nonresponder_list=listed, now=later)
    assert refusal.value.code == "undo_contacted"
    with data_context(caseworker):
        withdraw(by=caseworker, request_id=request.pk, now=later)
    with data_context(admin):
        assert undo(by=admin, nonresponder_list=listed, now=later).state == ListState.UNDONE
        # The withdrawn request stays on record, and so does the citizen it is about.
        request.refresh_from_db()
        assert (request.state, request.citizen.name) == ("withdrawn", follow_up.citizen.name)
