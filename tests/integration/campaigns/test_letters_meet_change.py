"""A pile of letters meets change before it is set: somebody answers, somebody has no name (S9, SS02)."""

from __future__ import annotations

import pytest

from campaigns.imports import letter_jobs
from campaigns.models import BatchState, ContactPoint, LetterBatch, LetterSender
from campaigns.selectors.letters import letters_due
from campaigns.services.answers import record_answer
from campaigns.services.letters import make_batch
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sender(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ishøj's letters, set as a word each: a font takes its time to load."""
    monkeypatch.setattr(letter_jobs, "letters_pdf", lambda portions, _sender: b"".join(b"%PDF" for _ in portions))
    monkeypatch.setattr(letter_jobs, "single_pdfs", lambda sheets, _sender: [b"%PDF" for _ in sheets])
    ContactPoint.objects.create(municipality_id=ISHOEJ, phone="43 57 75 75")
    LetterSender.objects.create(
        municipality_id=ISHOEJ, address="Ishøj Store Torv 20", postal_code="2635", city="Ishøj", cvr="11931316"
    )


def letter_due(name: str) -> Citizen:
    """Somebody whose letter is due; needs an open data context."""
    owner = citizen(name)
    follow_up(owner, next_step_kind="letter", next_step_at=NOW, next_step_reason="calls_unanswered", call_attempts=3)
    return owner


def made(by: Actor) -> LetterBatch:
    """A batch that is asked for, and not set yet."""
    with data_context(by):
        return make_batch(by=by, reasons=["calls_unanswered"], now=NOW)


def test_who_answers_before_the_letter_is_set_is_taken_out_and_the_others_get_theirs() -> None:
    with records():
        answering = letter_due("Aase Svarer")
        letter_due("Bente Venter")
    batch = made(actor_with_role(Role.TEAM_LEAD))
    with records() as by:
        record_answer(by=by, citizen=answering, outcome="declined", barrier="not_relevant", now=NOW)
    after = letter_jobs.advance(batch.pk, now=NOW)
    assert (after.state, after.error_code, after.letters_made) == (BatchState.READY, "", 1)
    with records():
        rows = batch.letters.values_list("citizen__name", "state", "taken_out_reason")
        assert sorted(rows) == [("Aase Svarer", "taken_out", "closed"), ("Bente Venter", "waiting", "")]


@pytest.mark.case("SS02")
def test_who_has_no_name_gets_no_letter_and_stops_nobody_elses() -> None:
    by = actor_with_role(Role.TEAM_LEAD)
    with records():
        nameless = letter_due(" ")
        letter_due("Bente Venter")
    batch = made(by)
    assert letter_jobs.advance(batch.pk, now=NOW).state == BatchState.READY
    with data_context(by):
        assert [each.citizen.name for each in batch.letters.select_related("citizen")] == ["Bente Venter"]
        left = {each.citizen.pk: each.left_out for each in letters_due(by, NOW)}
    assert left[nameless.pk] == "no_name"
