"""The first contact policies, message templates and call scripts. All are data and may be changed afterwards."""

from datetime import UTC, datetime

from django.db import migrations

APPROVED_AT = datetime(2021, 1, 4, 8, tzinfo=UTC)
APPROVED_BY = "Opsøg"

# kind, working days since the step before, attempts, working days between attempts, hours of the day.
# K2: the SMS clears the easy cases, the call raises uptake most, the letter is for those nobody reaches.
STEPS = [
    ("sms", 0, 1, 1, []),
    ("call", 2, 3, 1, [10, 14, 17]),
    ("letter", 1, 1, 1, [10]),
]

# Neutral (S1): nothing tells what it is about. All characters are in GSM-7.
MESSAGES = {
    ("please_call", "da"): (
        "Hej {fornavn}. {kommune} vil gerne i kontakt med dig. Ring til os på {telefon} hverdage kl. 9-15, "
        "eller svar RING, så ringer vi. Svar AFMELD, hvis du ikke vil have sms'er fra os."
    ),
    ("please_call", "en"): (
        "Hello {fornavn}. {kommune} would like to talk to you. Call us on {telefon} weekdays 9-15, "
        "or reply RING and we will call you. Reply STOP if you do not want texts from us."
    ),
    # For a municipality that has not written down which number to call.
    ("please_reply", "da"): (
        "Hej {fornavn}. {kommune} vil gerne i kontakt med dig. Svar RING, så ringer vi til dig. "
        "Svar AFMELD, hvis du ikke vil have sms'er fra os."
    ),
    ("please_reply", "en"): (
        "Hello {fornavn}. {kommune} would like to talk to you. Reply RING and we will call you. "
        "Reply STOP if you do not want texts from us."
    ),
}

SCRIPTS = {
    "da": {
        "opening": [
            "Goddag, du taler med {caller} fra {organisation}. Taler jeg med {citizen}?",
            "Jeg ringer, fordi du er inviteret til vaccination mod {programme}, og vi kan se, at du ikke har fået en "
            "tid endnu. Det er helt frivilligt, og du bestemmer selv. Jeg vil bare høre, om der er noget, vi kan "
            "hjælpe dig med.",
            "Det kan være hjælp til at bestille tid, at finde et sted tæt på dig, kørsel, en ledsager, eller at "
            "nogen kommer hjem til dig, hvis du ikke kan komme ud.",
        ],
        "answers": [
            {
                "worry": "Er jeg overhovedet i målgruppen?",
                "answer": "Ja, du har fået en invitation, og derfor kan du bestille tid nu. Har du ikke set brevet, "
                "kan jeg hjælpe dig med tiden, mens vi taler.",
            },
            {
                "worry": "Jeg er bange for bivirkninger",
                "answer": "Det forstår jeg godt, at du tænker over. Jeg er ikke sundhedsfaglig og kan ikke svare på "
                "det, men en af vores sundhedsfaglige rådgivere vil gerne ringe til dig. Skal jeg bede dem om det?",
            },
            {
                "worry": "Jeg kan ikke finde ud af at bestille tid",
                "answer": "Det klarer vi sammen. Fortæl mig, hvilke dage der passer dig, så sørger jeg for, at nogen "
                "bestiller tiden, og at du får besked.",
            },
            {
                "worry": "Der er for langt, og jeg har ingen bil",
                "answer": "Vi kan se efter et sted tæt på dig, og ellers kan kommunen hente og bringe dig. Har du "
                "brug for hjælp undervejs, for eksempel en kørestol eller en ledsager?",
            },
        ],
    },
    "en": {
        "opening": [
            "Hello, this is {caller} from {organisation}. Am I speaking with {citizen}?",
            "I am calling because you have been invited to vaccination against {programme}, and it looks as if you "
            "have no appointment yet. It is voluntary and your own choice. I would just like to hear whether we can "
            "help with anything.",
            "We can help you book, find a place near you, arrange a ride or somebody to go with you, or send a nurse "
            "home to you if you cannot go out.",
        ],
        "answers": [
            {
                "worry": "Am I in the target group at all?",
                "answer": "Yes, you have been sent an invitation, so you can book now. If you have not seen the "
                "letter, I can help with the appointment while we talk.",
            },
            {
                "worry": "I am afraid of side effects",
                "answer": "I understand that you think about it. I am no health professional and cannot answer that, "
                "but one of our health advisers will be glad to call you. Shall I ask them to?",
            },
            {
                "worry": "I do not know how to book",
                "answer": "We will do it together. Tell me which days suit you, and I will see to it that somebody "
                "books and that you are told.",
            },
            {
                "worry": "It is too far, and I have no car",
                "answer": "We can look for a place near you, or the municipality can drive you there and back. Do "
                "you need help on the way, a wheelchair or somebody to go with you?",
            },
        ],
    },
}


def load(apps, schema_editor):
    alias = schema_editor.connection.alias
    programme_model = apps.get_model("registry", "Programme")
    policy_model, step_model, template_model, script_model = (
        apps.get_model("campaigns", name)
        for name in ("ContactPolicy", "ContactPolicyStep", "MessageTemplate", "CallScript")
    )
    for programme in programme_model.objects.using(alias).all():
        policy = policy_model.objects.using(alias).create(programme=programme, name="SMS, opkald, brev")
        for position, (kind, delay_days, attempts, retry_days, hours) in enumerate(STEPS, start=1):
            step_model.objects.using(alias).create(
                policy=policy,
                position=position,
                kind=kind,
                delay_days=delay_days,
                attempts=attempts,
                retry_days=retry_days,
                hours=hours,
            )
    for (code, language), body in MESSAGES.items():
        template_model.objects.using(alias).create(
            code=code,
            language=language,
            body=body,
            content_class="neutral",
            approved_at=APPROVED_AT,
            approved_by_name=APPROVED_BY,
        )
    covid = programme_model.objects.using(alias).get(code="covid-19")
    for language, script in SCRIPTS.items():
        script_model.objects.using(alias).create(programme=covid, language=language, approved_at=APPROVED_AT, **script)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_contact_point")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
