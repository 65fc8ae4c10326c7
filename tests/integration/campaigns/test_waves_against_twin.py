"""The preview in SQL against a slow twin that asks each citizen and writes each text, on random people (S3)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, product

import pytest

from campaigns.models import ContactAttempt, Conversation, HealthDialogue, MessageTemplate, OptOut, SmsMessage
from campaigns.selectors.waves_audience import people_left_out
from campaigns.services.waves import preview_wave, spec_of
from campaigns.services.waves.specs import query_of, texts_of
from campaigns.waves.audience import WaveFilter
from outreach.access.models import User
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, Parish
from tests.factories.contact_pages import NOW, call_task, citizen, follow_up, phone, records
from tests.factories.geography import ISHOEJ
from tests.factories.wave_twin import preview_twin
from tests.factories.waves import draft, lead

pytestmark = pytest.mark.django_db
# Every way a name may be written: commas, blanks, letters outside GSM-7, signs of two units, none at all.
NAMES = [
    "Aase Mikkelsen", "Hansen, Anne Marie", "Ayşe Yılmaz", "Łukasz  Nowak", " Bo Blank", "\u00a0Ib Hård", ",", "Kun,",
    "Sørensen, ", "Max [Mads] Holm", "Zoë", "Ole\tTab Hansen", "محمد علي", "A", "Marie-Louise O'Neill", "Bo Bo", "",
    "😀 Smil", "Å", "Christiane Wilhelmine Konstantinopolitanskovna von und zu Mellenhagen", "Hansen,Bo",
]  # fmt: skip
WHOLE = (
    "Kære {navn}. {kommune} vil gerne tale med dig, {fornavn}. " + "Ring til os på hverdage mellem kl. 9 og 15. " * 2
)


@pytest.fixture
def templates(db: None) -> None:
    for code, language, body in (
        ("whole", "da", WHOLE),
        ("whole", "so", "{navn}: {kommune}"),
        ("nobody", "da", "{kommune} skriver igen. " * 6),
        ("first", "da", "Hej {fornavn}. " + "{kommune} vil gerne i kontakt. " * 4),
        ("first", "en", "Dear {fornavn}. {kommune}."),
    ):
        MessageTemplate.objects.create(
            code=code, language=language, version=1, body=body, content_class="neutral", approved_at=NOW
        )


def crowd(rng: random.Random, number: int) -> list[Citizen]:
    """Citizens of every kind a wave may meet."""
    parishes = list(Parish.objects.filter(main_municipality_id=ISHOEJ))
    numbers = [f"+45201{serial:05d}" for serial in range(number)]
    people = []
    for turn in range(number):
        owner = citizen(
            rng.choice(NAMES),
            language=rng.choice(["da", "da", "en", "so", "ur"]),
            birth_date=rng.choice([date(1939, 1, 11), date(2003, 4, 20), date(2003, 4, 21), date(1980, 2, 29), None]),
            parish=rng.choice([*parishes, None]),
            protected=rng.random() < 0.08,
            protected_until=rng.choice([None, date(2021, 4, 19), date(2021, 4, 20)]),
            status=rng.choice(["active"] * 12 + ["deceased", "outside", "emigrated"]),
            do_not_contact_since=NOW if rng.random() < 0.05 else None,
        )
        for kind in rng.sample(["mobile", "mobile", "mobile", "landline"], rng.choice([0, 1, 1, 1, 2, 3])):
            mobile = rng.choice(numbers[: turn + 1])
            if not owner.phones.filter(number_index=_index(mobile)).exists():
                phone(
                    owner, mobile, kind=kind, source=rng.choice(["system", "citizen", "relative"]),
                    wrong_since=NOW if rng.random() < 0.15 else None, found_at=NOW - timedelta(days=rng.randrange(5)),
                )  # fmt: skip
        _follow(rng, owner)
        people.append(owner)
    return people


def _index(number: str) -> bytes:
    return blind_index("phone", number)


def _follow(rng: random.Random, owner: Citizen) -> None:
    open_now = rng.random() < 0.8
    outcome = rng.choice(["", "", "", "no_answer", "undecided", "books_self", "call_back", "health_dialogue"])
    closed = {
        "status": "closed", "next_step_kind": "", "next_step_at": None, "next_step_reason": "", "closed_at": NOW,
        "closed_reason": rng.choice(
            ["declined", "answered", "attempts_documented", "do_not_contact", "status", "moved", "gone", "undone"]
        ),
    }  # fmt: skip
    step = {
        "next_step_kind": rng.choice(["wait", "call", "sms"]),
        "next_step_at": NOW + timedelta(hours=rng.choice([1, 24, 25, 99])),
    }
    follow_up(
        owner, target_group=rng.choice(["7", "8", ""]), weeks_on_list=rng.randrange(5), outcome=outcome,
        first_contact_at=rng.choice([None, NOW]), **(step if open_now else closed),
    )  # fmt: skip
    if rng.random() < 0.3:
        call_task(
            owner, due_at=NOW + timedelta(hours=rng.choice([-30, 1, 30])), agreed_time=rng.random() < 0.4,
        )  # fmt: skip
    if rng.random() < 0.15:
        ContactAttempt.objects.create(
            municipality_id=ISHOEJ, citizen=owner, by_name="Mette",
            kind=rng.choice(["call", "call_in", "dialogue", "sms"]),
            at=NOW - timedelta(hours=rng.choice([1, 30])), undone_at=rng.choice([None, None, NOW]),
        )  # fmt: skip
    if rng.random() < 0.06:
        adviser, _new = User.objects.get_or_create(username="raadgiver")
        now_held = {"state": "claimed", "claimed_by": adviser, "claimed_until": NOW + timedelta(hours=1)}
        HealthDialogue.objects.create(
            municipality_id=ISHOEJ, citizen=owner, referred_at=NOW, referred_by_name="Mette",
            due_at=NOW + timedelta(hours=rng.choice([-30, 1, 30])), **rng.choice([{}, now_held]),
        )  # fmt: skip
    own = owner.phones.first()
    if own is not None and rng.random() < 0.1:
        state = rng.choice([{}, {"state": "done", "done_at": NOW}])
        about = {"number_ciphertext": own.number_ciphertext, "citizen": rng.choice([owner, None]), "suggestion": "text"}
        Conversation.objects.get_or_create(
            municipality_id=ISHOEJ, number_index=bytes(own.number_index), state=state.get("state", "open"),
            defaults=about | {"opened_at": NOW, "last_reply_at": NOW, **state},
        )  # fmt: skip
    if own is not None and rng.random() < 0.1:
        OptOut.objects.get_or_create(
            municipality_id=ISHOEJ, number_index=bytes(own.number_index), defaults={"since": NOW, "source": "reply"}
        )
    if own is not None and rng.random() < 0.2:
        status = rng.choice(["queued", "delivered", "cancelled"])
        SmsMessage.objects.create(
            municipality_id=ISHOEJ, citizen=owner, phone=own, number_ciphertext=own.number_ciphertext,
            number_index=own.number_index, template=MessageTemplate.objects.first(), body="Hej", encoding="GSM-7",
            segments=1, status=status, status_at=NOW, not_before=NOW, queued_at=NOW, step_key=f"twin-{owner.pk}",
            purpose=rng.choice(["first_contact", "wave", "reminder"]),
            handed_over_at=NOW - timedelta(hours=rng.choice([1, 23, 25])) if status == "delivered" else None,
        )  # fmt: skip


FILTERS = [
    WaveFilter(),
    WaveFilter(statuses=("no_contact", "undecided"), queued_calls=True),
    WaveFilter(statuses=("waiting", "exhausted"), languages=("da", "ur")),
    WaveFilter(age_from=18, age_to=60, weeks_from=1, weeks_to=3, groups=("7", "8")),
    WaveFilter(streets=("vejlebro",), queued_calls=True),
]


@pytest.mark.parametrize("seed", range(3))
def test_the_preview_agrees_with_its_twin(templates: None, seed: int) -> None:
    rng = random.Random(seed)
    maker = lead()
    with records():
        crowd(rng, 140)
        wave = draft(maker, template_code="first")
        agreed = 0
        ways = cycle(rng.sample(list(product(("first", "whole", "nobody"), ("danish", "leave_out"))), 6))
        for chosen, (code, missing) in zip(FILTERS, ways, strict=False):
            spec = replace(spec_of(wave), chosen=chosen, template_code=code, missing_text=missing)
            found, twin = preview_wave(spec, now=NOW), preview_twin(spec, now=NOW)
            assert found.left_out == dict(twin.left_out), (chosen, code, missing)
            assert found.recipients == len(twin.recipients)
            assert found.segments == twin.segments
            assert sum(each.unicode for each in found.texts) == twin.unicode
            agreed += found.recipients
        assert agreed > 10  # or nothing was compared


def test_the_people_of_each_number_are_as_many_as_it_says(templates: None) -> None:
    maker = lead()
    with records() as by:
        crowd(random.Random(7), 80)
        spec = spec_of(draft(maker, template_code="first"))
        preview = preview_wave(spec, now=NOW)
        query = query_of(spec, texts_of(spec), NOW)
        for reason, number in {**preview.left_out, "": preview.recipients}.items():
            assert len(people_left_out(by, query, reason, limit=200, offset=0)) == number
        first = people_left_out(by, query, "", limit=2, offset=0)
        assert people_left_out(by, query, "", limit=1, offset=1) == first[1:]
