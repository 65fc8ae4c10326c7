"""The library of texts: written by one, approved by another, own before common, never rewritten (S1, S2)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.models import CallScript, ContentClass, MessageTemplate, SmsMessage, TextState
from campaigns.selectors.texts import find_definition, library, shelf
from campaigns.services.planning import plan
from campaigns.services.texts import (
    approve,
    approved_letter,
    approved_script,
    ore_per_segment,
    restore,
    sendable_template,
    set_price,
    withdraw,
    write_draft,
)
from outreach.access.actor import Actor
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from registry.models import Programme
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
BODY = "Hej {fornavn}. Ring til {kommune} på {telefon}."
NEUTRAL = {"body": BODY, "content_class": "neutral"}


@pytest.fixture
def writer() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def lead() -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


def draft(by: Actor, language: str = "da", code: str = "please_call", **changes: object) -> MessageTemplate:
    text = find_definition("sms", code)
    return write_draft(by=by, text=text, language=language, content={**NEUTRAL, **changes}, now=NOW)


def test_a_draft_changes_nothing_until_somebody_else_approves_it(writer, lead):
    before = sendable_template("please_call", "da", municipality_id=ISHOEJ)
    written = draft(writer)
    assert (written.state, written.version, written.municipality_id) == (TextState.DRAFT, 1, ISHOEJ)
    assert sendable_template("please_call", "da", municipality_id=ISHOEJ) == before
    approved = approve(by=lead, version=written, now=NOW + timedelta(hours=1))
    assert (approved.approved_by_name, approved.approved_at) == (lead.name, NOW + timedelta(hours=1))
    assert sendable_template("please_call", "da", municipality_id=ISHOEJ) == written


def test_nobody_approves_what_they_wrote_themselves_nor_twice(lead):
    own = draft(lead)
    with pytest.raises(UserError) as refused:
        approve(by=lead, version=own, now=NOW)
    assert refused.value.code == "text_own_version"
    other = actor_with_role(Role.HEALTH_ADVISER)
    approve(by=other, version=own, now=NOW)
    own.refresh_from_db()
    with pytest.raises(UserError) as refused:
        approve(by=other, version=own, now=NOW)
    assert refused.value.code == "text_not_draft"


def test_a_key_that_writes_for_somebody_makes_them_no_second_person(lead):
    """The person behind another system's key is the writer."""
    key = replace(lead, user_id=None, made_by_id=lead.user_id, name="Fagsystemet")
    with pytest.raises(UserError) as refused:
        approve(by=lead, version=draft(key), now=NOW)
    assert refused.value.code == "text_own_version"


def test_own_text_counts_in_the_own_municipality_only(writer, lead):
    common = sendable_template("please_call", "da")
    mine = approve(by=lead, version=draft(writer), now=NOW)
    assert sendable_template("please_call", "da", municipality_id=ISHOEJ) == mine
    assert sendable_template("please_call", "da", municipality_id=HOEJE_TAASTRUP) == common
    assert sendable_template("please_call", "da") == common
    foreign = actor_with_role(Role.TEAM_LEAD, HOEJE_TAASTRUP)
    assert mine not in shelf(foreign, find_definition("sms", "please_call"), "da").versions
    with pytest.raises(UserError) as refused:
        withdraw(by=foreign, version=mine, now=NOW)
    assert refused.value.code == "text_foreign"


def test_an_unapproved_language_gets_the_danish_until_it_is_approved_here(lead):
    common = MessageTemplate.objects.get(code="please_call", language="ar", municipality=None)
    assert sendable_template("please_call", "ar", municipality_id=ISHOEJ).language == "da"
    approved = approve(by=lead, version=common, now=NOW)
    assert (approved.municipality_id, approved.body, approved.written_by_id) == (ISHOEJ, common.body, None)
    assert sendable_template("please_call", "ar", municipality_id=ISHOEJ) == approved
    # Everybody else's stays a draft.
    common.refresh_from_db()
    assert common.state == TextState.DRAFT
    assert sendable_template("please_call", "ar", municipality_id=HOEJE_TAASTRUP).language == "da"


def test_the_language_weighs_more_than_whose_text_it_is(writer, lead):
    approve(by=lead, version=draft(writer, "da"), now=NOW)
    assert sendable_template("please_call", "en", municipality_id=ISHOEJ).language == "en"


def test_withdrawn_gives_way_to_the_one_before_then_to_the_common(writer, lead):
    common = sendable_template("please_call", "da")
    first = approve(by=lead, version=draft(writer), now=NOW)
    second = approve(by=lead, version=draft(writer, body=BODY + " Tak."), now=NOW)
    assert second.version == 2
    withdraw(by=lead, version=second, now=NOW, note="forkert nummer")
    assert sendable_template("please_call", "da", municipality_id=ISHOEJ) == first
    withdraw(by=lead, version=first, now=NOW, note="forkert nummer")
    assert sendable_template("please_call", "da", municipality_id=ISHOEJ) == common
    with pytest.raises(UserError) as refused:
        withdraw(by=lead, version=common, now=NOW)
    assert refused.value.code == "text_common"
    with pytest.raises(UserError) as refused:
        second.refresh_from_db()
        withdraw(by=lead, version=second, now=NOW)
    assert refused.value.code == "text_withdrawn"


def test_restored_is_a_new_draft_that_another_must_approve(writer, lead):
    first = approve(by=lead, version=draft(writer), now=NOW)
    withdraw(by=lead, version=first, now=NOW, note="fejl")
    again = restore(by=lead, version=MessageTemplate.objects.get(pk=first.pk), now=NOW)
    assert (again.version, again.state, again.body) == (2, TextState.DRAFT, first.body)
    with pytest.raises(UserError) as refused:
        approve(by=lead, version=again, now=NOW)
    assert refused.value.code == "text_own_version"


def test_two_writers_do_not_overwrite_each_other(writer, lead):
    text = find_definition("sms", "please_call")
    write_draft(by=writer, text=text, language="da", content=NEUTRAL, now=NOW, after=0)
    with pytest.raises(UserError) as refused:
        write_draft(by=lead, text=text, language="da", content={**NEUTRAL, "body": "Hej."}, now=NOW, after=0)
    assert refused.value.code == "text_written_meanwhile"
    with pytest.raises(UserError) as refused:
        write_draft(by=lead, text=text, language="da", content=NEUTRAL, now=NOW, after=1)
    assert refused.value.code == "text_unchanged"


@pytest.mark.parametrize(
    "body",
    ["Hej {fornavn}. Husk din vaccination.", "Hej {fornavn}. Du mangler covid-19.", "VACCINER gives i dag"],
)
def test_a_neutral_sms_that_tells_what_it_is_about_cannot_be_approved(writer, lead, body):
    with pytest.raises(UserError) as refused:
        approve(by=lead, version=draft(writer, body=body), now=NOW)
    assert refused.value.code == "text_not_valid"


def test_health_text_can_be_written_and_never_approved(writer, lead):
    with pytest.raises(UserError) as refused:
        approve(by=lead, version=draft(writer, content_class=ContentClass.HEALTH), now=NOW)
    assert refused.value.code == "text_not_valid"


@pytest.mark.case("SS01")
def test_a_text_over_the_cap_cannot_be_approved(writer, lead):
    """11 × 153 characters are eleven segments; the cap is ten."""
    with pytest.raises(UserError) as refused:
        approve(by=lead, version=draft(writer, body="a" * 1531), now=NOW)
    assert refused.value.code == "text_not_valid"
    assert approve(by=lead, version=draft(writer, body="a" * 1530), now=NOW).state == TextState.APPROVED


@pytest.mark.case("SS02")
def test_a_field_that_does_not_exist_is_refused_already_in_the_draft(writer):
    with pytest.raises(UserError) as refused:
        draft(writer, body="Hej {cpr}")
    assert refused.value.code == "text_not_valid"
    with pytest.raises(UserError) as refused:
        draft(writer, body="Hej {fornavn}. Vi ses {tid}.")  # no time is known before one is booked
    assert refused.value.code == "text_not_valid"


def test_who_may_not_edit_or_approve(writer):
    with pytest.raises(PermissionDenied):
        draft(actor_with_role(Role.CASEWORKER))
    with pytest.raises(PermissionDenied):
        approve(by=writer, version=draft(writer), now=NOW)


def test_scripts_and_letters_are_chosen_like_messages(lead):
    covid = Programme.objects.get(code="covid-19")
    for programme in Programme.objects.all():
        for language in ("da", "en"):
            script = approved_script(programme, language)
            assert script is not None
            assert script.language == language
            assert script.opening
            assert script.further
            assert script.closing
    assert approved_script(covid, "tr").language == "da"
    turkish = CallScript.objects.get(programme=covid, language="tr")
    approve(by=actor_with_role(Role.HEALTH_ADVISER), version=turkish, now=NOW)
    assert approved_script(covid, "tr", municipality_id=ISHOEJ).language == "tr"
    assert approved_letter("contact", "so").language == "da"
    assert approved_letter("contact", "en").language == "en"


def test_every_medical_worry_is_passed_on_to_the_health_adviser():
    """[000]: the talk about worries belongs to a health professional."""
    for script in CallScript.objects.filter(language="da").usable():
        medical = [each for each in script.answers if any(w in each["worry"] for w in ("bivirkning", "syg", "usikker"))]
        assert len(medical) >= (3 if script.further else 1)
        assert all("sundhedsfaglig" in each["answer"] for each in medical)


def test_the_library_shows_all_texts_and_reads_each_kind_once(writer, django_assert_num_queries):
    with django_assert_num_queries(5):  # three kinds, the programmes, and the scripts' own
        shelves = library(writer)
    assert len(shelves) == 8 + Programme.objects.count() + 2
    assert shelves["sms", "please_call"]["da"].used is not None
    assert shelves["sms", "please_call"]["ar"].used is None
    assert shelves["sms", "please_call"]["ar"].draft is not None


def test_changes_are_in_the_log(writer, lead):
    approve(by=lead, version=draft(writer), now=NOW)
    with records():
        events = list(AccessEvent.objects.filter(subject_kind="text").order_by("at", "action"))
    assert [(each.user_id, each.action) for each in events] == [(writer.user_id, "add"), (lead.user_id, "change")]


def test_the_price_that_counts_is_the_own_newest_valid_one(writer):
    def now(on: date) -> Decimal | None:
        return ore_per_segment(municipality_id=ISHOEJ, gateway="console", on=on)

    assert now(date(2021, 4, 20)) is None
    for day, gateway, ore in [(1, "", "30"), (10, "console", "29.5"), (25, "console", "28")]:
        set_price(
            by=writer, municipality_id=ISHOEJ, gateway=gateway, ore=Decimal(ore), valid_from=date(2021, 4, day), now=NOW
        )
    assert [now(date(2021, 4, day)) for day in (5, 20, 30)] == [Decimal(30), Decimal("29.5"), Decimal(28)]
    with pytest.raises(PermissionDenied):
        set_price(by=writer, municipality_id=HOEJE_TAASTRUP, gateway="", ore=Decimal(1), valid_from=NOW.date(), now=NOW)


def test_the_plan_writes_with_the_own_text_and_never_with_a_withdrawn_one(writer, lead):
    """The planner's own messages go by the same choice as everybody else's."""
    mine = approve(by=lead, version=draft(writer, code="please_reply", body="Hej {fornavn}. Ring til os."), now=NOW)
    with records():
        owner = citizen("Aase Birthe Mikkelsen")
        phone(owner)
        follow_up(owner, next_step_kind="sms", next_step_at=NOW)
    with records() as by:
        plan(by=by, now=NOW, citizen_ids=[owner.pk])
        assert [each.body for each in SmsMessage.objects.filter(citizen=owner)] == ["Hej Aase. Ring til os."]
        SmsMessage.objects.all().delete()
    withdraw(by=lead, version=mine, now=NOW, note="fejl")
    with records() as by:
        plan(by=by, now=NOW, citizen_ids=[owner.pk])
        assert [each.template.municipality for each in SmsMessage.objects.filter(citizen=owner)] == [None]
