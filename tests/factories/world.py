"""One object of every kind a URL can name, in a given municipality, for tests that walk the whole site."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from campaigns.models import (
    BookingRequest,
    BookingRoute,
    CallTask,
    CallTaskChange,
    CareChain,
    ChainLink,
    ContactAttempt,
    ContactKind,
    Conversation,
    EarlierContacts,
    HealthDialogue,
    HealthTalk,
    LetterBatch,
    QualityCheck,
    SmsMessage,
    SmsWave,
    WorkBudget,
)
from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.privacy.sealing import seal
from popup_sites.models import PopupSite, SessionNotice, SiteKind, VaccinationSession
from popup_sites.services.notices import what_is_told
from registry.danish_order import search_key, sort_key
from registry.models import (
    Citizen,
    DeadlineRule,
    FollowUp,
    HousingArea,
    Institution,
    InstitutionKind,
    ListOrder,
    Municipality,
    NonresponderList,
    Phone,
    PhoneSource,
    Programme,
    ReaskRule,
    Selection,
    TargetGroup,
)

from .geography import ISHOEJ


@dataclass(frozen=True)
class World:
    """Primary keys by the name a URL gives them."""

    list_id: int
    citizen_id: int
    follow_up_id: int
    task_id: int
    attempt_id: int
    phone_id: int
    site_id: int
    session_id: int
    notice_id: int
    selection_id: int
    contacts_file_id: int
    institution_id: int
    housing_area_id: int
    deadline_rule_id: int
    reask_rule_id: int
    programme_id: int
    target_group_id: int
    order_id: int
    booking_id: int
    chain_id: int
    link_id: int
    dialogue_id: int
    talk_id: int
    conversation_id: int
    message_id: UUID
    wave_id: int
    batch: UUID
    quality_check_id: int
    budget_id: int
    batch_id: int = 0
    language: str = "en"
    # A text in the library is everybody's: no key of a municipality.
    text_kind: str = "sms"
    text_code: str = "please_call"
    text_language: str = "da"
    # What only the SMS gateway names: a message's own id.
    reference: str = "6f1c3f0e-5a37-4c53-9d0e-2c9c1f6f2a11"


def world_in(code: int, now: datetime, cpr: str) -> World:
    """Make one of each in the municipality `code`; `cpr` is a day+60 number."""
    municipality = Municipality.objects.get(code=code)
    listed = make_list(municipality, now)
    site, session, notice = _popup(municipality, now)
    with data_context(job(code)):
        citizen = make_citizen(municipality, cpr, "Aase Prøve", now)
        phone = make_phone(citizen, "+4520123456" if code == ISHOEJ else "+4520123457", now)
        follow_up = make_follow_up(citizen, listed, now)
        task = CallTask.objects.create(
            municipality=municipality,
            citizen=citizen,
            household_key=f"citizen:{citizen.pk}",
            due_at=now - timedelta(hours=1),
            created_at=now,
        )
        conversation = Conversation.objects.create(
            municipality=municipality,
            number_ciphertext=phone.number_ciphertext,
            number_index=phone.number_index,
            citizen=citizen,
            suggestion="text",
            opened_at=now,
            last_reply_at=now,
        )
        attempt = ContactAttempt.objects.create(
            municipality=municipality, citizen=citizen, kind=ContactKind.CALL, at=now, by_name="Mette Holm"
        )
        change = CallTaskChange.objects.create(
            municipality=municipality, task=task, batch=uuid4(), kind="released", at=now, by_name="Mette Holm"
        )
        message = _message(phone, now)
        check = QualityCheck.objects.create(
            municipality=municipality, attempt=attempt, caller_id=0, caller_name="Mette Holm", picked_at=now
        )
    return World(
        list_id=listed.pk,
        citizen_id=citizen.pk,
        follow_up_id=follow_up.pk,
        task_id=task.pk,
        attempt_id=attempt.pk,
        phone_id=phone.pk,
        site_id=site.pk,
        session_id=session.pk,
        notice_id=notice.pk,
        selection_id=_selection(municipality, now).pk,
        contacts_file_id=_earlier_contacts(municipality, now).pk,
        order_id=_draft_order(municipality, now).pk,
        conversation_id=conversation.pk,
        message_id=message.pk,
        wave_id=_wave(municipality, now).pk,
        batch=change.batch,
        quality_check_id=check.pk,
        budget_id=_budget(municipality, now).pk,
        **_talk(municipality, listed, now, cpr),
        **_booking(citizen, now),
        batch_id=_letters(municipality, now).pk,
        **_reference_data(municipality),
    )


def _budget(municipality: Municipality, now: datetime) -> WorkBudget:
    return WorkBudget.objects.create(
        municipality=municipality, name="Opsøgende indsats", amount=40_000_000, starts_on=now.date(),
        ends_on=now.date() + timedelta(days=133), hourly_rate=30_000, segment_price=40, letter_price=900,
        ride_price=25_000, changed_at=now, changed_by_name="Lene Holm",
    )  # fmt: skip


def _talk(municipality: Municipality, listed: NonresponderList, now: datetime, cpr: str) -> dict[str, int]:
    """Somebody passed on to a health professional, who has tried to ring them once."""
    with data_context(job(municipality.code)):
        citizen = make_citizen(municipality, f"{cpr[:-1]}{(int(cpr[-1]) + 1) % 10}", "Bodil Prøve", now)
        follow_up = make_follow_up(citizen, listed, now)
        FollowUp.objects.filter(pk=follow_up.pk).update(
            next_step_kind="health_dialogue", next_step_at=now, next_step_reason="health_dialogue"
        )
        dialogue = HealthDialogue.objects.create(
            municipality=municipality, citizen=citizen, referred_at=now, referred_by_name="Mette Holm", due_at=now
        )
        attempt = ContactAttempt.objects.create(
            municipality=municipality, citizen=citizen, kind=ContactKind.DIALOGUE, at=now, by_name="Farah Aziz"
        )
        talk = HealthTalk.objects.create(
            municipality=municipality, dialogue=dialogue, attempt=attempt, outcome="not_reached"
        )
    return {"dialogue_id": dialogue.pk, "talk_id": talk.pk}


def job(code: int) -> Actor:
    """A system job in one municipality."""
    return system_actor("test", [code])


def make_citizen(municipality: Municipality, cpr: str, name: str, now: datetime, **changes: object) -> Citizen:
    """A citizen with a sealed day+60 number. Needs an open data context."""
    sealed = seal("cpr", cpr)
    values: dict[str, object] = {
        "birth_date": date(1939, 10, 11),
        "sex": "K",
        "created_at": now,
        "updated_at": now,
    }
    return Citizen.objects.create(
        municipality=municipality,
        cpr_ciphertext=sealed.ciphertext,
        cpr_index=sealed.index,
        cpr_kind="replacement",
        name=name,
        sort_name=sort_key(name),
        search_name=search_key(name),
        **(values | changes),
    )


def make_phone(citizen: Citizen, number: str, now: datetime, kind: str = "mobile") -> Phone:
    """A number of the citizen's. Needs an open data context."""
    sealed = seal("phone", number)
    return Phone.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        number_ciphertext=sealed.ciphertext,
        number_index=sealed.index,
        kind=kind,
        source=PhoneSource.SYSTEM,
        found_at=now,
    )


def make_list(municipality: Municipality, now: datetime, **changes: object) -> NonresponderList:
    """A list in review, without rows."""
    values: dict[str, object] = {
        "programme": Programme.objects.get(code="covid-19"),
        "as_of": now.date(),
        "waiting_days": 22,
        "stored_name": "none",
        "display_name": "SSI uge 16.xlsx",
        "file_sha256": "0" * 64,
        "file_bytes": 1,
        "state": "reviewed",
        "state_changed_at": now,
        "uploaded_by_name": "Søren Dahl",
        "uploaded_at": now,
    }
    return NonresponderList.objects.create(municipality=municipality, **(values | changes))


def make_follow_up(citizen: Citizen, listed: NonresponderList, now: datetime, **changes: object) -> FollowUp:
    """An open follow-up whose next step is a call now. Needs an open data context."""
    values: dict[str, object] = {
        "target_group": "7",
        "mandatory": True,
        "opened_at": now,
        "first_list": listed,
        "last_list": listed,
        "weeks_on_list": 1,
        "next_step_kind": "call",
        "next_step_at": now,
        "next_step_reason": "to_be_planned",
        "updated_at": now,
    }
    return FollowUp.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        programme=listed.programme,
        **(values | changes),
    )


def _popup(municipality: Municipality, now: datetime) -> tuple[PopupSite, VaccinationSession, SessionNotice]:
    region = municipality.regions.get(valid_from__lte=now.date(), region__code__isnull=False).region
    site = PopupSite.objects.create(
        region=region,
        municipality=municipality,
        kind=SiteKind.RESIDENTIAL,
        name="Beboerhuset",
        address="Prøvevej 1",
        latitude=55.6,
        longitude=12.3,
        created_by_name="Lise Vang",
        created_at=now,
    )
    opens = datetime.combine(now.date() + timedelta(days=3), time(14), tzinfo=now.tzinfo)
    session = VaccinationSession.objects.create(
        site=site,
        programme=Programme.objects.get(code="covid-19"),
        starts_at=opens,
        ends_at=opens + timedelta(hours=4),
        vaccinators=2,
        minutes_per_dose=6,
        doses=60,
        vaccine="Comirnaty",
        capacity=60,
        status="published",
        created_by_name="Lise Vang",
        created_at=now,
        updated_at=now,
    )
    notice = SessionNotice.objects.create(
        session=session, municipality=municipality, sent_at=now, told=what_is_told(session)
    )
    return site, session, notice


def _draft_order(municipality: Municipality, now: datetime) -> ListOrder:
    return ListOrder.objects.create(
        municipality=municipality,
        programme=Programme.objects.get(code="covid-19"),
        state="draft",
        purpose="Opringning",
        area="Prøveparken",
        created_by_name="Søren Dahl",
        created_at=now,
    )


def _booking(citizen: Citizen, now: datetime) -> dict[str, int]:
    """A request that lies at the region's desk, its chain, and a ride to be agreed."""
    code = citizen.municipality_id
    with data_context(job(code)):
        chain = CareChain.objects.create(
            municipality_id=code, citizen=citizen, caseworker_name="Mette Holm", created_at=now
        )
        request = BookingRequest.objects.create(
            municipality_id=code,
            citizen=citizen,
            chain=chain,
            state="sent",
            state_at=now,
            sent_at=now,
            answer_due=now.date(),
            requested_by_name="Mette Holm",
        )
        link = ChainLink.objects.create(municipality_id=code, chain=chain, request=request, kind="ride", updated_at=now)
        BookingRoute.objects.create(
            request=request,
            region=citizen.municipality.regions.get(valid_from__lte=now.date(), region__code__isnull=False).region,
            municipality_id=code,
            programme_names="Covid-19",
            opened_at=now,
            answer_due=now.date(),
        )
    return {"booking_id": request.pk, "chain_id": chain.pk, "link_id": link.pk}


def _reference_data(municipality: Municipality) -> dict[str, int]:
    institution = Institution.objects.create(
        number=f"98{municipality.pk:04d}",
        name="Prøveskolen",
        kind=InstitutionKind.SCHOOL,
        municipality=municipality,
    )
    area = HousingArea.objects.create(municipality=municipality, name="Prøveparken")
    programme = Programme.objects.get(code="covid-19")
    rule = DeadlineRule.objects.create(municipality=municipality, programme=programme)
    reask = ReaskRule.objects.create(municipality=municipality, closed_reason="declined", after_days=90)
    return {
        "institution_id": institution.pk,
        "housing_area_id": area.pk,
        "deadline_rule_id": rule.pk,
        "reask_rule_id": reask.pk,
        "programme_id": programme.pk,
        "target_group_id": TargetGroup.objects.filter(programme=programme)[0].pk,
    }


def _wave(municipality: Municipality, now: datetime) -> SmsWave:
    return SmsWave.objects.create(
        municipality=municipality,
        programme=Programme.objects.get(code="covid-19"),
        name="Hele byen",
        template_code="please_reply",
        starts_at=now,
        per_minute=60,
        state_at=now,
        made_by_name="Mette Holm",
        created_at=now,
    )


def _message(phone: Phone, now: datetime) -> SmsMessage:
    """One that may have arrived: the only kind a person is asked about."""
    return SmsMessage.objects.create(
        municipality_id=phone.municipality_id,
        citizen=phone.citizen,
        phone=phone,
        number_ciphertext=phone.number_ciphertext,
        number_index=phone.number_index,
        body="Ring til os på 43 57 75 75.",
        encoding="gsm7",
        segments=1,
        status="in_doubt",
        status_at=now,
        queued_at=now,
        not_before=now,
        step_key="reply:1:1",
    )


def _selection(municipality: Municipality, now: datetime) -> Selection:
    return Selection.objects.create(
        municipality=municipality,
        programme=Programme.objects.get(code="covid-19"),
        name="65+ med pleje og hjælp",
        purpose="Opfølgning",
        criteria={"age_on": now.date().isoformat(), "age_from": 65},
        state_changed_at=now,
        created_by_name="Mette Holm",
        created_at=now,
    )


def _earlier_contacts(municipality: Municipality, now: datetime) -> EarlierContacts:
    return EarlierContacts.objects.create(
        municipality=municipality,
        programme=Programme.objects.get(code="covid-19"),
        state="reviewed",
        state_changed_at=now,
        display_name="ringeliste.xlsx",
        file_sha256="0" * 64,
        uploaded_by_name="Søren Dahl",
        uploaded_at=now,
    )


def _letters(municipality: Municipality, now: datetime) -> LetterBatch:
    return LetterBatch.objects.create(
        municipality=municipality, state="ready", state_changed_at=now, created_at=now, created_by_name="Lise Vang"
    )
