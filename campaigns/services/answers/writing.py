"""The rows of one person's answers: attempt, answers, summaries, next steps, and whom they are passed on to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from outreach.audit.models import Action
from outreach.audit.services import record
from popup_sites.models import VaccinationSession
from registry.models import Citizen, ClosedReason, FollowUp, FollowUpStatus, Outcome, Phone
from registry.selectors.citizens import best_phone
from registry.services.follow_up_steps import end_follow_up, record_contact_summary, set_next_step, summary_of

from ...models import CallTask, ContactAnswer, ContactAttempt
from ...next_steps import NextStep
from ...outcomes import FOR_ALL_PROGRAMMES, NOT_REACHED, next_step_for
from ...selectors.follow_up_facts import nearest_session_end, outcome_context
from ..message_cancelling import cancel_queued
from .checking import Answer, locked_follow_ups
from .passing_on import pass_on
from .person import write_about_person

ALL = 0


def write_answers(
    citizen: Citizen,
    answers: Mapping[int, Answer],
    *,
    task: CallTask | None,
    steps: Mapping[Outcome, NextStep] | None = None,
) -> ContactAttempt:
    """Attempt, answers, summaries and next steps of one person; `answers` by follow-up key or under `ALL`.

    `steps` replaces the rules' next step of an outcome: a talk with a health professional has its own.
    """
    first = _main_answer(answers)
    locked = locked_follow_ups(citizen, list(answers.values()), None if ALL in answers else list(answers))
    phone = _called(citizen, first)
    attempt = ContactAttempt.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        kind=first.contact.kind,
        at=first.now,
        by_user_id=first.by.user_id,
        by_name=first.by.name,
        phone=phone,
        spoke_with=first.contact.spoke_with,
        spoke_with_name=first.contact.spoke_with_name[:200],
        interpreter_language=first.contact.interpreter_language,
        minutes=first.contact.minutes,
        note=first.contact.note,
        call_task=task,
        nonresponder_list_id=locked[0].last_list_id,
    )
    before = write_about_person(citizen, first, phone)
    decided = _by_follow_up(locked, answers)
    for follow_up, answer in decided:
        _answer_one(follow_up, citizen, attempt, answer, phone, (steps or {}).get(answer.outcome))
    attempt.before = {"citizen": before, **pass_on(citizen, attempt, decided, by=first.by)}
    attempt.save(update_fields=["before"])
    _touch_others(citizen, locked, first)
    cancel_queued(citizen_ids=[citizen.pk], reason="contacted", now=first.now)
    record(
        by=first.by,
        action=Action.ADD,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=citizen.municipality_id,
        purpose=_("Svar registreret"),
        detail={"attempt": attempt.pk, "programmes": len(locked)},
        at=first.now,
    )
    return attempt


def _main_answer(answers: Mapping[int, Answer]) -> Answer:
    """The one that says something of the person, else the common one: its wrong number and language count."""
    of_person = (each for each in answers.values() if each.outcome in FOR_ALL_PROGRAMMES)
    return next(of_person, None) or answers.get(ALL) or next(iter(answers.values()))


def _by_follow_up(locked: Sequence[FollowUp], answers: Mapping[int, Answer]) -> list[tuple[FollowUp, Answer]]:
    """Each programme with its own answer, the common one, or the one that holds for the whole person."""
    main = _main_answer(answers)
    if main.outcome in FOR_ALL_PROGRAMMES:
        return [(each, main) for each in locked]
    return [(each, answers.get(each.pk, main)) for each in locked]


def _called(citizen: Citizen, answer: Answer) -> Phone | None:
    """The number that was called: the one said to be wrong, else the best one."""
    if not answer.is_call:
        return None
    if answer.said.wrong_phone is not None:
        return Phone.objects.filter(citizen=citizen, pk=answer.said.wrong_phone).first() or best_phone(citizen)
    return best_phone(citizen)


def _answer_one(
    follow_up: FollowUp,
    citizen: Citizen,
    attempt: ContactAttempt,
    answer: Answer,
    phone: Phone | None,
    given_step: NextStep | None,
) -> None:
    before = summary_of(follow_up)
    said = answer.said
    step = given_step or _next_step(follow_up, citizen, answer, phone)
    record_contact_summary(
        follow_up,
        now=answer.now,
        calls=int(answer.uses_attempt),
        outcome=_summary_outcome(follow_up, answer.outcome),
        barrier=said.barrier,
    )
    _apply(follow_up, step, answer)
    ContactAnswer.objects.create(
        municipality_id=follow_up.municipality_id,
        attempt=attempt,
        follow_up=follow_up,
        outcome=answer.outcome,
        barrier=said.barrier,
        session_id=said.session,
        booked_at=said.booked_at,
        booked_place=said.booked_place[:200],
        needs=list(said.needs) or None,
        wishes=said.wishes,
        next_step_kind=step.kind or "",
        next_step_at=step.at,
        next_step_reason=step.reason,
        before=before,
    )


def _next_step(follow_up: FollowUp, citizen: Citizen, answer: Answer, phone: Phone | None) -> NextStep:
    said = answer.said
    context = outcome_context(
        follow_up,
        citizen,
        answer.now,
        call_back_at=said.call_back_at,
        called=phone,
        session_at=_session_end(follow_up, citizen, answer),
    )
    context = replace(context, booked_at=said.booked_at, talk_at=said.talk_at)
    step = next_step_for(answer.outcome, context)
    detail = _step_detail(answer)
    return replace(step, detail={**step.detail, **detail}) if detail else step


def _session_end(follow_up: FollowUp, citizen: Citizen, answer: Answer) -> Any:
    """When the chosen session is over; without a choice the nearest one with room."""
    if (chosen := _chosen_session(answer)) is not None:
        return chosen.ends_at
    return nearest_session_end(citizen, follow_up, answer.outcome, actor=answer.by, now=answer.now)


def _step_detail(answer: Answer) -> dict[str, Any]:
    """What the next caller is to do differently: with a relative instead of an interpreter.

    Or which pop-up was chosen: whoever waits for it is called when it is moved or cancelled.
    """
    if (chosen := _chosen_session(answer)) is not None:
        return {"session": chosen.pk, "popup": chosen.site.name}
    return {"help": answer.said.language_help} if answer.said.language_help else {}


def _chosen_session(answer: Answer) -> VaccinationSession | None:
    if answer.said.session is None:
        return None
    return VaccinationSession.objects.filter(pk=answer.said.session).select_related("site").first()


def _apply(follow_up: FollowUp, step: NextStep, answer: Answer) -> None:
    if step.closes is not None:
        reason = ClosedReason(step.closes)
        end_follow_up(follow_up, reason, by_name=answer.by.name, now=answer.now, reopen_on=step.reopen_on)
    elif step.kind is not None and step.at is not None:
        set_next_step(follow_up, step.kind, step.at, step.reason, step.detail, answer.now)


def _summary_outcome(follow_up: FollowUp, outcome: Outcome) -> str:
    """An answer once given is not forgotten because nobody picked up later; empty keeps it."""
    if outcome in NOT_REACHED and follow_up.outcome and follow_up.outcome not in NOT_REACHED:
        return ""
    return outcome


def _touch_others(citizen: Citizen, answered: Sequence[FollowUp], answer: Answer) -> None:
    """K9 is about the person: programmes that were not spoken of keep the distance to this contact too."""
    others = FollowUp.objects.filter(citizen=citizen, status=FollowUpStatus.OPEN)
    others.exclude(pk__in=[each.pk for each in answered]).update(last_contact_at=answer.now, updated_at=answer.now)
