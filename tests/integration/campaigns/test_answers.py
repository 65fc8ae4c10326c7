"""K5, K6, K9: an answer in every row it concerns, and taken back as if it had not been given."""

from datetime import timedelta

import pytest

from campaigns.models import CallTask, ContactAttempt, OptOut, SmsMessage
from campaigns.services.answers import record_answer, undo_answer
from campaigns.services.calls import claim_next
from campaigns.services.letters import record_letters_sent
from campaigns.services.lookups import nothing_found, number_found
from campaigns.services.opt_outs import opt_out
from campaigns.services.planning import plan
from outreach.access.data_context import data_context
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, Outcome, PhoneKind, RelativeKind
from tests.factories.campaigns import NOW, caller, fresh, step, unplanned
from tests.factories.contact_pages import call_task, citizen, follow_up, phone, records, relative

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
SUMMARY_FIELDS = [field.name for field in FollowUp._meta.fields if field.name not in ("updated_at",)]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_leaves_exactly_one_next_step_or_a_reason_and_can_be_undone(outcome: Outcome) -> None:
    by = caller()
    with data_context(by):
        owner = citizen()
        phone(owner)
        each = follow_up(owner, sms_sent=1, last_contact_at=NOW - timedelta(days=4))
        plan(by=by, now=NOW)
        task = claim_next(by=by, now=NOW)
        before = FollowUp.objects.values(*SUMMARY_FIELDS).get(pk=each.pk)
        attempt = record_answer(
            by=by, citizen=owner, outcome=outcome, now=NOW, call_task=task, call_back_at=LATER, barrier=""
        )
        each.refresh_from_db()
        assert each.outcome == outcome
        if each.status == "open":
            assert each.next_step_kind
            assert each.next_step_reason
            assert each.next_step_at
        else:
            assert each.closed_reason
        waiting = CallTask.objects.filter(citizen=owner).waiting()
        assert waiting.count() == int(each.next_step_kind in ("call", "interpreter_call"))
        undo_answer(by=by, attempt=attempt, now=NOW + timedelta(seconds=9))
        assert FollowUp.objects.values(*SUMMARY_FIELDS).get(pk=each.pk) == before
        assert [(t.pk, t.state, t.claimed_by_id) for t in CallTask.objects.filter(citizen=owner).waiting()] == [
            (task.pk, "claimed", by.user_id)
        ]
        assert owner.phones.filter(wrong_since=None).count() == 1
        assert not Citizen.objects.filter(pk=owner.pk, do_not_contact_since__isnull=False).exists()
        assert not OptOut.objects.exists()
        assert ContactAttempt.objects.get().undone_at is not None


def test_declined_closes_with_a_day_for_asking_again() -> None:
    with records() as by:
        each = fresh()
        record_answer(by=by, citizen=each.citizen, outcome="declined", barrier="distrust", now=NOW, note="Nej tak")
        each.refresh_from_db()
        assert (each.status, each.closed_reason, each.barrier) == ("closed", "declined", "distrust")
        assert each.reopen_on == NOW.date() + timedelta(days=183)
        assert ContactAttempt.objects.get().note == "Nej tak"


def test_an_answer_holds_for_every_open_programme_or_for_one() -> None:
    with records() as by:
        covid = fresh()
        influenza = unplanned(covid.citizen, "influenza")
        record_answer(by=by, citizen=covid.citizen, outcome="declined", now=NOW, follow_ups=[influenza])
        assert step(covid)[0] != ""
        influenza.refresh_from_db()
        assert influenza.closed_reason == "declined"
        record_answer(by=by, citizen=covid.citizen, outcome="books_self", now=NOW)
        assert step(covid) == ("wait", "books_self")


def test_what_is_true_of_the_person_closes_all_programmes() -> None:
    with records() as by:
        covid = fresh()
        influenza = unplanned(covid.citizen, "influenza")
        record_answer(by=by, citizen=covid.citizen, outcome="deceased", now=NOW, follow_ups=[influenza])
        assert not FollowUp.objects.open().exists()


def test_a_human_contact_cancels_the_machines_message() -> None:
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
        record_answer(by=by, citizen=each.citizen, outcome="books_self", now=NOW, kind="call_in")
        assert SmsMessage.objects.get().status == "cancelled"


def test_a_programme_that_was_not_spoken_of_keeps_its_distance_to_the_call() -> None:
    with records() as by:
        covid = fresh()
        influenza = unplanned(covid.citizen, "influenza")
        record_answer(by=by, citizen=covid.citizen, outcome="already_booked", now=NOW, follow_ups=[covid])
        influenza.refresh_from_db()
        assert (influenza.next_step_kind, influenza.next_step_at) == ("sms", NOW + timedelta(hours=24))
        assert not SmsMessage.objects.exists()


def test_wrong_number_takes_the_next_phone_and_then_a_search() -> None:
    with records() as by:
        each = fresh()
        phone(each.citizen, "+4530998877", source="relative")
        record_answer(by=by, citizen=each.citizen, outcome="wrong_number", now=NOW)
        assert step(each) == ("call", "other_number")
        assert each.call_attempts == 0
        record_answer(by=by, citizen=each.citizen, outcome="wrong_number", now=NOW)
        assert step(each) == ("lookup", "wrong_number")


def test_three_unanswered_calls_a_letter_and_a_documented_end() -> None:
    with records() as by:
        each = fresh(answer_due=NOW.date())
        at = NOW
        for _attempt in range(3):
            record_answer(by=by, citizen=each.citizen, outcome="no_answer", now=at)
            at += timedelta(days=1)
        assert step(each) == ("letter", "calls_unanswered")
        assert record_letters_sent(by=by, follow_ups=[each], now=at) == 1
        assert step(each) == ("wait", "attempts_done")


def test_an_answer_once_given_is_not_forgotten_when_nobody_picks_up() -> None:
    with records() as by:
        each = fresh()
        record_answer(by=by, citizen=each.citizen, outcome="undecided", barrier="distrust", now=NOW)
        record_answer(by=by, citizen=each.citizen, outcome="no_answer", now=LATER)
        each.refresh_from_db()
        assert (each.outcome, each.call_attempts) == ("undecided", 2)


def test_the_household_is_answered_and_undone_together() -> None:
    by = caller()
    with data_context(by):
        one, other = fresh("Bo Prøve"), fresh("Ib Prøve")
        attempt = record_answer(by=by, citizen=one.citizen, outcome="declined", now=NOW, also=[other.citizen])
        assert not FollowUp.objects.open().exists()
        undo_answer(by=by, attempt=attempt, now=NOW)
        assert FollowUp.objects.open().count() == 2


def test_the_guardian_of_one_in_the_household_is_not_the_other_ones() -> None:
    """K8: who is booked for at the same time needs their own guardian told."""
    by = caller()
    with data_context(by):
        one, other = fresh("Bo Prøve"), fresh("Ib Prøve")
        relative(one.citizen, RelativeKind.GUARDIAN, name="Vita Værge")
        theirs = relative(other.citizen, RelativeKind.GUARDIAN, name="Kaj Værge")
        both = {"by": by, "citizen": one.citizen, "spoke_with": "guardian", "also": [other.citizen]}
        record_answer(**both, outcome="undecided", now=NOW)  # type: ignore[arg-type]
        theirs.refresh_from_db()
        assert theirs.informed_at is None
        assert list(ContactAttempt.objects.order_by("id").values_list("spoke_with", flat=True)) == [
            "guardian",
            "relative",
        ]
        with pytest.raises(UserError) as refused:
            record_answer(**both, outcome="booked_on_behalf", now=LATER)  # type: ignore[arg-type]
        assert refused.value.code == "guardian_not_informed"
        assert "Kaj Værge" in refused.value.message


def test_one_guardian_of_both_in_a_household_is_told_once() -> None:
    by = caller()
    with data_context(by):
        one, other = fresh("Bo Prøve"), fresh("Ib Prøve")
        guardians = [relative(each.citizen, RelativeKind.GUARDIAN, name="Vita Værge") for each in (one, other)]
        record_answer(
            by=by, citizen=one.citizen, outcome="undecided", spoke_with="guardian", now=NOW, also=[other.citizen]
        )
        for guardian in guardians:
            guardian.refresh_from_db()
            assert guardian.informed_at == NOW


def test_a_guardian_who_was_told_is_marked() -> None:
    with records() as by:
        each = fresh()
        guardian = relative(each.citizen, RelativeKind.GUARDIAN)
        record_answer(by=by, citizen=each.citizen, outcome="guardian_informed", spoke_with="guardian", now=NOW)
        guardian.refresh_from_db()
        assert guardian.informed_at == NOW


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"outcome": "perhaps"}, "unknown_outcome"),
        ({"barrier": "lazy"}, "unknown_barrier"),
        ({"spoke_with": "the cat"}, "unknown_spoke_with"),
        ({"outcome": "call_back"}, "call_back_time"),
        ({"outcome": "call_back", "call_back_at": NOW}, "call_back_time"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, object], code: str) -> None:
    with records() as by:
        each = fresh()
        with pytest.raises(UserError) as refused:
            record_answer(**{"by": by, "citizen": each.citizen, "outcome": "declined", "now": NOW} | change)
        assert refused.value.code == code
        assert not ContactAttempt.objects.exists()


def test_nobody_answers_for_a_colleague_who_holds_the_call() -> None:
    mette, bo = caller("mette"), caller("bo")
    with data_context(mette):
        owner = citizen()
        phone(owner)
        follow_up(owner)
        task = call_task(owner)
        claim_next(by=mette, now=NOW)
    with data_context(bo):
        with pytest.raises(UserError) as refused:
            record_answer(by=bo, citizen=owner, outcome="declined", now=NOW, call_task=task)
        assert refused.value.code == "task_claimed"


def test_an_answer_saved_twice_is_refused_the_second_time() -> None:
    by = caller()
    with data_context(by):
        owner = citizen()
        phone(owner)
        follow_up(owner)
        call_task(owner)
        task = claim_next(by=by, now=NOW)
        record_answer(by=by, citizen=owner, outcome="declined", now=NOW, call_task=task)
        with pytest.raises(UserError) as refused:
            record_answer(by=by, citizen=owner, outcome="declined", now=NOW, call_task=task)
        assert refused.value.code == "task_gone"


@pytest.mark.parametrize(("seconds", "who", "code"), [(16, "ringer", "too_late"), (5, "en-anden", "not_yours")])
def test_undo_has_its_limits(seconds: int, who: str, code: str) -> None:
    by = caller()
    with data_context(by):
        each = fresh()
        attempt = record_answer(by=by, citizen=each.citizen, outcome="declined", now=NOW)
    undoer = by if who == "ringer" else caller(who)
    with data_context(undoer):
        with pytest.raises(UserError) as refused:
            undo_answer(by=undoer, attempt=attempt, now=NOW + timedelta(seconds=seconds))
        assert refused.value.code == code


def test_answers_are_logged() -> None:
    with records() as by:
        each = fresh()
        record_answer(by=by, citizen=each.citizen, outcome="declined", now=NOW)
    with records():
        assert AccessEvent.objects.filter(subject_id=str(each.citizen_id), purpose="Svar registreret").count() == 1


def test_a_number_is_found_or_documented_as_not_to_be_found() -> None:
    with records() as by:
        found, missing = unplanned(citizen("Fundet Prøve")), unplanned(citizen("Uden Prøve"))
        plan(by=by, now=NOW)
        number_found(by=by, citizen=found.citizen, number="20 55 66 77", kind=PhoneKind.MOBILE, now=NOW)
        nothing_found(by=by, citizen=missing.citizen, now=NOW, places=["directory"])
        assert step(found) == ("sms", "first_contact")
        assert step(missing) == ("letter", "no_number_found")


def test_an_opt_out_stops_the_message_and_the_plan_goes_on_by_phone() -> None:
    with records() as by:
        each = fresh()
        plan(by=by, now=NOW)
        number = each.citizen.phones.get().number
        for _again in range(2):
            opt_out(by=by, municipality=each.municipality, number=number, source="reply", now=NOW)
        assert SmsMessage.objects.get().status == "cancelled"
        assert OptOut.objects.count() == 1
        assert step(each) == ("call", "sms_opted_out")
