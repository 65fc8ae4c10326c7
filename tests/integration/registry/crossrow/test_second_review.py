"""What changed between review and commit (L5): said on that row only, and the same approval commits after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from campaigns.services.answers import record_answer
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from outreach.privacy.sealing import seal
from registry.models import Citizen, FollowUp, ListRow, ListState, PreviousNumber, RowClass
from registry.row_problems import CHANGED_SINCE, message
from registry.services.follow_ups import close_follow_up, reopen_follow_up
from registry.services.lists import approve, decide
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import (
    FIRST_WEEK,
    committed_list,
    cpr_number,
    csv_file,
    make_citizen,
    moment,
    reviewed_list,
    row,
)

pytestmark = pytest.mark.django_db
NEXT_WEEK = FIRST_WEEK + timedelta(days=7)
NOW = moment(NEXT_WEEK)


@pytest.fixture
def admin() -> Actor:
    """1–3 wait since last week, 4 is closed, 5 stands on next week's list without being known, 6 is gone from it."""
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor):
        for serial in (1, 2, 3, 4, 6):
            make_citizen(serial)
    committed_list(actor, csv_file([row(serial) for serial in (1, 2, 3, 4, 6)]))
    with data_context(actor):
        close_follow_up(by=actor, follow_up=of(4), reason="answered", now=moment(FIRST_WEEK))  # type: ignore[arg-type]
    return actor


def of(serial: int) -> FollowUp:
    return FollowUp.objects.select_related("citizen").get(citizen__name=f"Testperson {serial}")


def becomes(serial: int, **values: object) -> None:
    Citizen.objects.filter(name=f"Testperson {serial}").update(**values)


def answered(admin: Actor, serial: int, outcome: str) -> None:
    record_answer(by=admin, citizen=of(serial).citizen, outcome=outcome, now=NOW)


def renumbered(serial: int) -> None:
    """The CPR file gave them a new number; the old one is kept (C3)."""
    citizen = Citizen.objects.get(name=f"Testperson {serial}")
    new = seal("cpr", cpr_number(900))
    PreviousNumber.objects.create(
        municipality_id=ISHOEJ, citizen=citizen, cpr_ciphertext=citizen.cpr_ciphertext, cpr_index=citizen.cpr_index,
        noted_at=NOW,
    )  # fmt: skip
    Citizen.objects.filter(pk=citizen.pk).update(cpr_ciphertext=new.ciphertext, cpr_index=new.index)


CHANGES: dict[str, tuple[int, Callable[[Actor], object], str]] = {
    "answered_since": (1, lambda admin: answered(admin, 1, "undecided"), "import"),
    "closed_since": (
        1, lambda admin: close_follow_up(by=admin, follow_up=of(1), reason="answered", now=NOW), "import",  # type: ignore[arg-type]
    ),
    "opened_since": (4, lambda admin: reopen_follow_up(by=admin, follow_up=of(4), now=NOW), "import"),
    "ended_since": (1, lambda _admin: becomes(1, status="deceased"), "skip"),
    "moved_since": (1, lambda _admin: becomes(1, status="outside"), "skip"),
    "protected_since": (1, lambda _admin: becomes(1, protected=True), "import"),
    "number_since": (1, lambda _admin: renumbered(1), "import"),
    "known_since": (5, lambda _admin: make_citizen(5), "import"),
}  # fmt: skip


@pytest.mark.parametrize("code", CHANGES)
def test_what_changed_is_said_on_its_row_and_the_same_approval_commits_then(admin: Actor, code: str) -> None:
    serial, change, proposed = CHANGES[code]
    reviewed = reviewed_list(admin, csv_file([row(each) for each in (1, 2, 3, 4, 5)]), as_of=NEXT_WEEK)
    assert reviewed.counts == {"waiting": 4, "new": 1, "gone": 1}
    with data_context(admin):
        others = list(ListRow.objects.exclude(name=f"Testperson {serial}").order_by("pk").values())
        change(admin)
        held = approve(by=admin, nonresponder_list=reviewed, now=NOW)
        assert (held.state, [gate["code"] for gate in held.gates]) == (ListState.REVIEWED, ["changed_since_review"])
        assert message(code) in held.gates[0]["message"]
        assert not held.gates[0]["overridable"]
        changed = ListRow.objects.get(nonresponder_list=reviewed, problem_code=code)
        assert (changed.row_class, changed.name, changed.decision) == (
            RowClass.NEEDS_DECISION, f"Testperson {serial}", proposed,
        )  # fmt: skip
        assert list(ListRow.objects.exclude(name=f"Testperson {serial}").order_by("pk").values()) == others
        assert of(2).last_list_id != reviewed.pk, "nothing is committed yet"
        committed = approve(by=admin, nonresponder_list=held, now=NOW)
        assert committed.state == ListState.COMMITTED
        assert of(2).last_list_id == reviewed.pk
        assert FollowUp.objects.filter(citizen__name=f"Testperson {serial}", last_list=reviewed).count() == (
            proposed == "import"
        )
        assert Citizen.objects.filter(name="Testperson 5").count() == 1


def test_every_code_has_a_case_and_a_sentence() -> None:
    # Back in the municipality: reached only from a row that was to be imported though the registry said moved.
    assert set(CHANGED_SINCE) == {*CHANGES, "status_since"}


def test_attempts_without_an_answer_hold_nothing(admin: Actor) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1), row(2), row(3), row(4)]), as_of=NEXT_WEEK)
    with data_context(admin):
        answered(admin, 1, "no_answer")
        assert approve(by=admin, nonresponder_list=reviewed, now=NOW).state == ListState.COMMITTED


def test_nobody_can_take_in_a_dead_citizen_at_the_second_review(admin: Actor) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1), row(2)]), as_of=NEXT_WEEK)
    with data_context(admin):
        becomes(1, status="deceased")
        held = approve(by=admin, nonresponder_list=reviewed, now=NOW)
        dead = ListRow.objects.get(nonresponder_list=held, problem_code="ended_since")
        with pytest.raises(UserError) as refusal:
            decide(by=admin, nonresponder_list=held, row_ids=[dead.pk], problem_code=None, decision="import", now=NOW)
        assert refusal.value.code == "decision_not_allowed"


def test_answer_of_somebody_gone_is_shown_before_they_are_closed(admin: Actor) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1), row(2), row(3), row(4)]), as_of=NEXT_WEEK)
    with data_context(admin):
        answered(admin, 6, "needs_ride")
        held = approve(by=admin, nonresponder_list=reviewed, now=NOW)
        gone = ListRow.objects.get(nonresponder_list=reviewed, row_class=RowClass.GONE)
        assert (held.state, gone.warning_code, gone.earlier_outcome) == ("reviewed", "answered_since", "needs_ride")
        assert approve(by=admin, nonresponder_list=held, now=NOW).state == ListState.COMMITTED
        assert (of(6).status, of(6).closed_reason, of(6).outcome) == ("closed", "gone", "needs_ride")
