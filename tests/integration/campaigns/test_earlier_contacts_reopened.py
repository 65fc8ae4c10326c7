"""A person opens again what only a spreadsheet knows of, or what a selection left behind (L8, L9)."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.services.reopening import may_reopen, reopen
from outreach.errors import UserError
from registry.models import Citizen, FollowUp
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records

pytestmark = pytest.mark.django_db


def closed(owner: Citizen, reason: str, **changes: Any) -> FollowUp:
    values = {"closed_at": NOW, "next_step_kind": "", "next_step_at": None, "next_step_reason": ""}
    return follow_up(owner, status="closed", closed_reason=reason, **(values | changes))


@pytest.mark.parametrize("reason", ["not_listed", "selection_ended"])
def test_somebody_who_regrets_is_opened_with_a_next_step(reason: str) -> None:
    with records() as by:
        owner = citizen()
        phone(owner)
        found = closed(owner, reason, outcome="no_answer", outcome_at=NOW, origin="earlier")
        assert may_reopen(found, owner)
        reopen(by=by, follow_up=found, now=NOW)
        found.refresh_from_db()
        assert (found.status, found.closed_reason, found.closed_at) == ("open", "", None)
        assert found.next_step_kind
        assert found.next_step_reason != "to_be_planned"


@pytest.mark.parametrize(
    ("reason", "citizen_fields"),
    [
        ("undone", {}),
        ("do_not_contact", {}),
        ("not_listed", {"do_not_contact_since": NOW}),
        ("selection_ended", {"status": "deceased"}),
    ],
)
def test_what_follows_from_facts_is_not_opened(reason: str, citizen_fields: dict[str, Any]) -> None:
    with records() as by:
        owner = citizen(**citizen_fields)
        found = closed(owner, reason)
        assert not may_reopen(found, owner)
        with pytest.raises(UserError) as refusal:
            reopen(by=by, follow_up=found, now=NOW)
        assert refusal.value.code == "cannot_reopen"
        assert FollowUp.objects.get().closed_reason == reason
