"""K13: the sample is picked without anybody's choice, judged by somebody else, and read by the caller."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from campaigns.models import ContactAnswer, ContactAttempt, QualityCheck
from campaigns.selectors.quality import (
    caller_figures,
    feedback_for,
    given_to,
    tasks_given,
    to_follow_up,
    waiting_checks,
)
from campaigns.services.quality import judge, mark_followed_up, mark_seen, pick_samples, save_settings
from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.models import User
from outreach.access.roles import Role
from outreach.audit.models import Action
from outreach.errors import UserError
from registry.models import Municipality
from tests.factories.campaigns import NOW, caller
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.contact_pages import citizen, clock_at, follow_up, logged, queries_of, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db


def _answers(by: Actor, number: int, minutes_ago: int = 60, **values: object) -> list[ContactAttempt]:
    with records():
        owner = citizen("Ane Holm")
        about = follow_up(owner)
        made = []
        for turn in range(number):
            attempt = ContactAttempt.objects.create(
                municipality_id=ISHOEJ, citizen=owner, by_user_id=by.user_id, by_name=by.name, spoke_with="citizen",
                at=NOW - timedelta(minutes=minutes_ago, seconds=-turn), note="Vil tænke over det",
                **{"kind": "call"} | values,
            )  # fmt: skip
            ContactAnswer.objects.create(
                municipality_id=ISHOEJ, attempt=attempt, follow_up=about, outcome="undecided",
                next_step_kind="call", next_step_at=NOW + timedelta(days=3),
            )  # fmt: skip
            made.append(attempt)
        return made


def _pick(first: int | None = None, percent: int = 0) -> int:
    municipality = Municipality.objects.get(pk=ISHOEJ)
    if first is not None:
        lead = caller("indstiller", role=Role.TEAM_LEAD)
        with data_context(lead):
            save_settings(by=lead, municipality=municipality, first_outcomes=first, percent=percent, now=NOW)
    with data_context(system_actor("quality", [ISHOEJ])) as by:
        return pick_samples(by=by, municipality=municipality, now=NOW)


@pytest.fixture
def lead() -> Actor:
    return caller("leder", role=Role.TEAM_LEAD)


@pytest.fixture
def mette() -> Actor:
    return caller("mette")


def test_a_new_callers_first_outcomes_are_picked_once(mette: Actor, lead: Actor) -> None:
    made = _answers(mette, 5)
    assert _pick(first=3) == 3
    assert _pick() == 0
    with data_context(lead):
        assert [check.attempt_id for check in waiting_checks(lead)] == [each.pk for each in made[:3]]


def test_outcomes_from_before_the_last_days_count_as_experience(mette: Actor) -> None:
    _answers(mette, 2, minutes_ago=60 * 24 * 5)
    _answers(mette, 2)
    assert _pick(first=3) == 1


def test_undone_imported_and_just_saved_answers_are_left_out(mette: Actor) -> None:
    _answers(mette, 1, undone_at=NOW)
    _answers(mette, 1, kind="imported")
    _answers(mette, 1, minutes_ago=0)
    assert _pick(first=10) == 0


def test_what_a_reply_was_taken_to_mean_is_looked_at_too_and_an_advisers_talk_is_not(mette: Actor) -> None:
    written = _answers(mette, 1, kind="reply")
    _answers(mette, 1, kind="dialogue")
    assert _pick(first=10) == 1
    with records():
        assert QualityCheck.objects.get().attempt_id == written[0].pk


def test_an_answer_undone_later_leaves_the_list(mette: Actor, lead: Actor) -> None:
    attempt = _answers(mette, 1)[0]
    _pick(first=1)
    with data_context(lead):
        check = waiting_checks(lead).get()
        ContactAttempt.objects.filter(pk=attempt.pk).update(undone_at=NOW)
        assert not waiting_checks(lead)
        with pytest.raises(UserError) as refused:
            judge(by=lead, check=check, verdict="fine", comment="", now=NOW)
        assert refused.value.code == "undone"


def test_nobody_judges_their_own_calls(lead: Actor) -> None:
    _answers(lead, 1)
    _pick(first=1)
    with data_context(lead):
        assert not waiting_checks(lead)
        with pytest.raises(UserError) as refused:
            judge(by=lead, check=QualityCheck.objects.get(), verdict="fine", comment="", now=NOW)
        assert refused.value.code == "own_call"


def test_the_caller_reads_what_was_said_and_the_figures_follow(mette: Actor, lead: Actor) -> None:
    _answers(mette, 3)
    _pick(first=3)
    with data_context(lead):
        first, second, _third = waiting_checks(lead)
        judge(by=lead, check=first, verdict="fine", comment="", now=NOW)
        with pytest.raises(UserError) as refused:
            judge(by=lead, check=second, verdict="to_correct", comment=" ", now=NOW)
        assert refused.value.code == "comment_missing"
        judge(by=lead, check=second, verdict="to_correct", comment="Spørg også om kørsel.", now=NOW)
        figures = caller_figures(lead, NOW)
        assert [(each.sampled, each.waiting, each.fine, each.to_correct, each.follow_up) for each in figures] == [
            (3, 1, 1, 1, 0)
        ]
    with data_context(mette):
        assert {check.comment for check in feedback_for(mette)} == {"", "Spørg også om kørsel."}
        assert mark_seen(by=mette, check=second, now=NOW).seen_at == NOW
        with pytest.raises(PermissionDenied):
            judge(by=mette, check=second, verdict="fine", comment="", now=NOW)
    other = caller("bo")
    with data_context(other):
        assert not feedback_for(other)
        with pytest.raises(UserError):
            mark_seen(by=other, check=first, now=NOW)
    assert len(logged(Action.CHANGE, subject_kind="citizen")) == 2


def test_a_call_to_be_followed_up_is_somebodys_task_by_a_day(mette: Actor, lead: Actor) -> None:
    """NOW is Tuesday 20 April 2021: the next working day is the 21st, also when nobody says so."""
    jonas = caller("jonas")
    _answers(mette, 2)
    _pick(first=2)
    with data_context(lead):
        first, second = waiting_checks(lead)
        judge(by=lead, check=first, verdict="follow_up", comment="", now=NOW)
        other = User.objects.get(pk=jonas.user_id)
        judge(by=lead, check=second, verdict="follow_up", comment="Ring igen.", now=NOW, to_user=other,
              due=date(2021, 4, 20))  # fmt: skip
        given = [(each.pk, each.follow_up_name, each.follow_up_due) for each in to_follow_up(lead)]
        assert given == [(second.pk, jonas.name, date(2021, 4, 20)), (first.pk, mette.name, date(2021, 4, 21))]
    with data_context(jonas):
        assert [each.pk for each in given_to(jonas)] == [second.pk]
        with pytest.raises(PermissionDenied):
            mark_followed_up(by=jonas, check=first, now=NOW)
        mark_followed_up(by=jonas, check=second, now=NOW)
        assert not given_to(jonas)
    with data_context(mette):
        # It stands once on their page: as a task until it is done, as something to read after.
        assert [each.pk for each in given_to(mette)] == [first.pk]
        assert [each.pk for each in feedback_for(mette)] == [second.pk]
    with data_context(lead):
        mark_followed_up(by=lead, check=first, now=NOW)
        assert not to_follow_up(lead)
    with data_context(mette):
        assert tasks_given(mette) == 0
        assert {each.pk for each in feedback_for(mette)} == {first.pk, second.pk}


@pytest.mark.parametrize(
    ("role", "code", "due", "said"),
    [
        (Role.MANAGER, ISHOEJ, None, "not_a_caller"),
        (Role.CASEWORKER, HOEJE_TAASTRUP, None, "not_a_caller"),
        (Role.CASEWORKER, ISHOEJ, date(2021, 4, 19), "day_passed"),
    ],
)
def test_a_task_is_given_to_somebody_who_calls_here_and_no_earlier_than_today(
    mette: Actor, lead: Actor, role: Role, code: int, due: date | None, said: str
) -> None:
    other = actor_with_role(role, code, username="en-anden")
    _answers(mette, 1)
    _pick(first=1)
    with data_context(lead):
        check = waiting_checks(lead).get()
        to_user = User.objects.get(pk=other.user_id)
        with pytest.raises(UserError) as refused:
            judge(by=lead, check=check, verdict="follow_up", comment="", now=NOW, to_user=to_user, due=due)
        assert refused.value.code == said


def test_the_task_is_given_on_the_page_and_done_on_ones_own(mette: Actor) -> None:
    clock_at()
    jonas = actor_with_role(Role.CASEWORKER, username="jonas")
    _answers(mette, 1)
    _pick(first=1)
    lead = client_with_role(Role.TEAM_LEAD)
    with records():
        check = QualityCheck.objects.get()
    form = {"verdict": "follow_up", "comment": "Ring igen.", "to_user": str(jonas.user_id), "due": "23.04.2021"}
    said = lead.post(f"/kvalitet/{check.pk}/", form, follow=True).content.decode()
    assert f"{jonas.name} skal følge op senest 23.04.2021" in said
    own = Client()
    own.force_login(User.objects.get(username="jonas"))
    assert "opkald, du skal følge op" in own.get("/").content.decode()
    page = own.get("/kvalitet/mine/").content.decode()
    assert "Ane Holm" in page
    assert "Ring igen." in page
    own.post(f"/kvalitet/{check.pk}/loest/")
    assert "Ane Holm" not in own.get("/kvalitet/mine/").content.decode()
    assert "Opgaven er løst" in own.post(f"/kvalitet/{check.pk}/loest/", follow=True).content.decode()


def test_the_size_of_the_sample_has_bounds(lead: Actor) -> None:
    with data_context(lead), pytest.raises(UserError) as refused:
        save_settings(by=lead, municipality=Municipality.objects.get(pk=ISHOEJ), first_outcomes=3, percent=101, now=NOW)
    assert refused.value.code == "sample_size"


def test_the_page_shows_what_was_noted_and_takes_the_verdict(mette: Actor) -> None:
    clock_at()
    _answers(mette, 2)
    _pick(first=2)
    client = client_with_role(Role.TEAM_LEAD)
    page = client.get("/kvalitet/").content.decode()
    for words in ("Ane Holm", "Vil tænke over det", "I tvivl", "Opkald fre. 23.04. kl. 11.20", "Ny i køen"):
        assert words in page
    with records():
        first = QualityCheck.objects.order_by("id").first()
    client.post(f"/kvalitet/{first.pk}/", {"verdict": "to_correct", "comment": "Skriv hvornår."})
    assert "Skriv hvornår." in client.get("/kvalitet/").content.decode().split("Senest set", 1)[1]
    assert "Vælg, om svaret er i orden." in client.post(f"/kvalitet/{first.pk}/", {}, follow=True).content.decode()
    assert logged(Action.LOOK, purpose="Kvalitet af svar")


def test_the_pages_take_the_same_queries_however_many(mette: Actor) -> None:
    clock_at()
    client = client_with_role(Role.TEAM_LEAD)
    _answers(mette, 2)
    _pick(first=50)
    few = queries_of(lambda: client.get("/kvalitet/"))
    _answers(mette, 12, minutes_ago=30)
    _pick()
    assert queries_of(lambda: client.get("/kvalitet/")) == few


def test_the_caller_marks_feedback_as_read(lead: Actor) -> None:
    clock_at()
    by = actor_with_role(Role.CASEWORKER, username="jonas")
    _answers(by, 1)
    _pick(first=1)
    with data_context(lead):
        check = waiting_checks(lead).get()
        judge(by=lead, check=check, verdict="to_correct", comment="Spørg om sprog.", now=NOW)
    client = Client()
    client.force_login(User.objects.get(username="jonas"))
    assert "Spørg om sprog." in client.get("/kvalitet/mine/").content.decode()
    client.post(f"/kvalitet/{check.pk}/set/")
    assert "Jeg har læst det" not in client.get("/kvalitet/mine/").content.decode()
