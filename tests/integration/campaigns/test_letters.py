"""Letters in batches: who gets one, what stands where, and what counts as sent (S9, C5, K1)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns.imports import letter_jobs
from campaigns.imports.letter_erasure import erase_letter_files, erase_orphaned_letter_files
from campaigns.models import (
    BatchState,
    ContactAttempt,
    ContactPoint,
    Letter,
    LetterBatch,
    LetterChannel,
    LetterSender,
    LetterText,
)
from campaigns.selectors.letters import letters_due
from campaigns.services.letters import (
    Release,
    batches,
    files,
    letters_to_take_out,
    make_batch,
    mark_sent,
    note_returned,
    undo_batch,
)
from campaigns.services.letters.sheets import SheetMaker
from campaigns.services.texts import approve
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, Municipality
from registry.services.follow_up_steps import end_follow_up
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
UNANSWERED, NO_NUMBER = "calls_unanswered", "no_number_found"


@pytest.fixture
def lead() -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


@pytest.fixture(autouse=True)
def sender() -> LetterSender:
    municipality = Municipality.objects.get(code=ISHOEJ)
    ContactPoint.objects.create(municipality=municipality, phone="43 57 75 75")
    return LetterSender.objects.create(
        municipality=municipality, address="Ishøj Store Torv 20", postal_code="2635", city="Ishøj", cvr="11931316"
    )


@pytest.fixture(autouse=True)
def printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set is tested in test_letter_files.py; here each letter is a word, for a font takes its time to load."""
    monkeypatch.setattr(letter_jobs, "letters_pdf", lambda portions, _sender: b"".join(b"%PDF" for _ in portions))
    monkeypatch.setattr(letter_jobs, "single_pdfs", lambda sheets, _sender: [b"%PDF" for _ in sheets])


def due_citizen(name: str = "Aase Birthe Mikkelsen", reason: str = UNANSWERED, **changes: object) -> Citizen:
    """Somebody whose letter is due; needs an open data context."""
    values = {"address": "Vildtbanegård 12, 3. tv", "postal_code": "2635", "city": "Ishøj", "updated_at": NOW}
    owner = citizen(name, **(values | changes))
    follow_up(owner, next_step_kind="letter", next_step_at=NOW, next_step_reason=reason, call_attempts=3)
    return owner


def batch_of(lead: Actor, *reasons: str, releases: tuple[Release, ...] = ()) -> LetterBatch:
    with data_context(lead):
        return make_batch(by=lead, reasons=list(reasons or (UNANSWERED,)), releases=releases, now=NOW)


def made(batch: LetterBatch) -> LetterBatch:
    return letter_jobs.advance(batch.pk, now=NOW)


def sheets(batch: LetterBatch) -> dict[str, object]:
    with records() as by:
        maker = SheetMaker(by, batch, NOW)
        letters = list(batch.letters.select_related("citizen__parish", "text").order_by("channel", "position"))
        return {letter.citizen.name: sheet for letter, sheet in zip(letters, maker.sheets(letters), strict=True)}


def states(batch: LetterBatch) -> dict[str, str]:
    with records():
        return {each.citizen.name: each.state for each in batch.letters.select_related("citizen")}


def test_who_gets_a_letter_and_which_way(lead):
    with records():
        due_citizen("Aase Digital")
        due_citizen("Bent Fritaget", digital_post_exempt=True)
        due_citizen("Carla Barn", birth_date="2010-05-01")
        due_citizen("Dorte Uden Nummer", cpr_kind="ecpr")
        due_citizen("Erik Intet Nummer", reason=NO_NUMBER)
        due_citizen("Finn Senere")
        FollowUp.objects.filter(citizen__name="Finn Senere").update(next_step_at=NOW + timedelta(days=1))
    batch = batch_of(lead)
    with records():
        ways = {each.citizen.name: each.channel for each in batch.letters.select_related("citizen")}
    assert ways == {
        "Aase Digital": LetterChannel.DIGITAL,
        "Bent Fritaget": LetterChannel.PAPER,
        "Carla Barn": LetterChannel.PAPER,
        "Dorte Uden Nummer": LetterChannel.PAPER,
    }


def test_one_letter_names_all_programmes_and_a_child_is_not_addressed(lead):
    with records():
        both = due_citizen("Aase Begge", digital_post_exempt=True)
        follow_up(both, programme="influenza", next_step_kind="letter", next_step_at=NOW, next_step_reason=UNANSWERED)
        due_citizen("Carla Barn", birth_date="2010-05-01")
    found = sheets(batch_of(lead))
    text = [line for block in found["Aase Begge"].blocks for line in block.lines]
    assert any("covid-19 og influenza" in line.lower() for line in text)
    assert any("43 57 75 75" in line for line in text)
    assert any("samme besøg" in line for line in text)
    assert found["Aase Begge"].receiver == ["Aase Begge", "Vildtbanegård 12, 3. tv", "2635 Ishøj"]
    assert found["Carla Barn"].receiver[0] == "Til forældremyndighedens indehavere for"


def test_the_citizens_language_only_where_a_person_has_approved_it(lead):
    with records():
        due_citizen("Aisha Ali", language="ar")
        due_citizen("John Smith", language="en")
    found = sheets(batch_of(lead))
    assert (found["Aisha Ali"].language, found["John Smith"].language) == ("da", "en")
    # The pointer at the foot: approved lines only, and not to the letter's own language.
    assert [each.language for each in found["Aisha Ali"].pointers] == ["en"]
    assert [each.language for each in found["John Smith"].pointers] == ["da"]
    with data_context(lead):
        undo_batch(by=lead, batch=LetterBatch.objects.get(), now=NOW)
    for code in ("contact", "pointer"):
        approve(by=lead, version=LetterText.objects.get(code=code, language="ar"), now=NOW)
    again = sheets(batch_of(lead))
    assert (again["Aisha Ali"].language, again["Aisha Ali"].direction) == ("ar", "rtl")
    # Group by group a number would be read from the wrong end between Arabic words.
    assert any("43\u00a057\u00a075\u00a075" in line for block in again["Aisha Ali"].blocks for line in block.lines)


def test_a_protected_address_needs_a_release_with_a_reason_that_is_logged(lead):
    with records():
        hidden = due_citizen("Hanne Hemmelig", protected=True)
        due_citizen("Aase Åben")
    with data_context(lead):
        reasons = {each.citizen.name: each.left_out for each in letters_due(lead, NOW)}
    assert reasons == {"Hanne Hemmelig": "protected", "Aase Åben": None}
    with pytest.raises(UserError) as refused:
        batch_of(lead, releases=(Release(hidden.pk, " "),))
    assert refused.value.code == "release_no_reason"
    first = batch_of(lead)
    assert states(first) == {"Aase Åben": "waiting"}
    second = batch_of(lead, releases=(Release(hidden.pk, "Aftalt med borgeren"),))
    with records():
        letter = Letter.objects.get(batch=second)
        purposes = set(
            AccessEvent.objects.filter(subject_kind="citizen", subject_id=str(hidden.pk)).values_list(
                "purpose", flat=True
            )
        )
    assert (letter.release_reason, letter.released_by_name) == ("Aftalt med borgeren", lead.name)
    assert "Beskyttet adresse frigivet til et brev" in purposes


def test_who_is_left_out_and_why(lead):
    with records():
        due_citizen("Anna Uden Adresse", address="", digital_post_exempt=True)
        due_citizen("Bo Nej Tak", do_not_contact_since=NOW)
        due_citizen("Cia Rejst", status="emigrated")
    with data_context(lead):
        reasons = {each.citizen.name: each.left_out for each in letters_due(lead, NOW)}
    assert reasons == {"Anna Uden Adresse": "no_address", "Bo Nej Tak": "not_wanted", "Cia Rejst": "status"}
    with pytest.raises(UserError) as refused:
        batch_of(lead)
    assert refused.value.code == "letters_none"


def test_what_a_batch_needs_is_said_before_it_is_made(lead, sender):
    with records():
        due_citizen()
    LetterSender.objects.update(cvr="")
    with pytest.raises(UserError) as refused:
        batch_of(lead)
    assert refused.value.code == "letters_no_cvr"
    ContactPoint.objects.all().delete()
    with pytest.raises(UserError) as refused:
        batch_of(lead)
    assert refused.value.code == "letters_no_phone"
    LetterSender.objects.all().delete()
    with pytest.raises(UserError) as refused:
        batch_of(lead)
    assert refused.value.code == "letters_no_sender"


def test_marked_as_sent_counts_as_an_attempt_and_what_changed_is_taken_out(lead):
    with records():
        for name in ("Aase Sendes", "Bent Lukket", "Carla Nyt Skridt", "Dorte Beskyttet"):
            due_citizen(name, digital_post_exempt=True)
    batch = made(batch_of(lead))
    with records():
        closed = FollowUp.objects.get(citizen__name="Bent Lukket")
        end_follow_up(closed, "answered", by_name="Mette", now=NOW)
        FollowUp.objects.filter(citizen__name="Carla Nyt Skridt").update(next_step_kind="call")
        Citizen.objects.filter(name="Dorte Beskyttet").update(protected=True)
    with data_context(lead):
        stopped = {
            each.letter.citizen.name: (each.reason.value, each.letter) for each in letters_to_take_out(batch, NOW)
        }
        assert {name: reason for name, (reason, _letter) in stopped.items()} == {
            "Bent Lukket": "closed",
            "Carla Nyt Skridt": "other_step",
            "Dorte Beskyttet": "protected_since",
        }
        with pytest.raises(UserError) as refused:
            mark_sent(by=lead, batch=batch, seen=[], now=NOW)
        assert refused.value.code == "letters_changed"
    with data_context(lead):
        seen = [letter.pk for _reason, letter in stopped.values()]
        assert mark_sent(by=lead, batch=batch, seen=seen, now=NOW) == 1
    assert states(batch) == {
        "Aase Sendes": "sent",
        "Bent Lukket": "taken_out",
        "Carla Nyt Skridt": "taken_out",
        "Dorte Beskyttet": "taken_out",
    }
    with records():
        assert [each.citizen.name for each in ContactAttempt.objects.filter(kind="letter")] == ["Aase Sendes"]
        assert FollowUp.objects.get(citizen__name="Aase Sendes").letters_sent == 1
        assert FollowUp.objects.get(citizen__name="Aase Sendes").next_step_kind != "letter"
    with data_context(lead), pytest.raises(UserError) as refused:
        mark_sent(by=lead, batch=batch, seen=[], now=NOW)
    assert refused.value.code == "batch_not_undoable"


def test_a_batch_that_is_not_sent_can_be_taken_back(lead, settings):
    with records():
        due_citizen(digital_post_exempt=True)
    batch = made(batch_of(lead))
    with pytest.raises(UserError) as refused:  # in the batch already
        batch_of(lead)
    assert refused.value.code == "letters_none"
    with data_context(lead):
        files.erase(undo_batch(by=lead, batch=batch, now=NOW))
    assert list((Path(settings.UPLOAD_ROOT) / "letters").iterdir()) == []
    assert states(batch_of(lead)) == {"Aase Birthe Mikkelsen": "waiting"}
    with data_context(lead), pytest.raises(UserError) as refused:
        undo_batch(by=lead, batch=batch, now=NOW)
    assert refused.value.code == "batch_not_undoable"
    with data_context(lead), pytest.raises(UserError) as refused:
        files.fetch(by=lead, batch=LetterBatch.objects.get(pk=batch.pk), channel=LetterChannel.PAPER, now=NOW)
    assert refused.value.code == "letters_no_file"


def test_a_letter_that_came_back_stops_the_next_until_the_address_is_mended(lead):
    with records():
        owner = due_citizen(digital_post_exempt=True)
    batch = made(batch_of(lead))
    with data_context(lead):
        mark_sent(by=lead, batch=batch, seen=[], now=NOW)
        letter = Letter.objects.get()
        note_returned(by=lead, letter=letter, now=NOW + timedelta(days=3))
        with pytest.raises(UserError) as refused:
            note_returned(by=lead, letter=letter, now=NOW)
        assert refused.value.code == "letter_not_sent"
        # Without a number the citizen has to be looked up, with the reason in words.
        step = FollowUp.objects.get(citizen=owner)
        assert (step.next_step_kind, step.next_step_reason) == ("lookup", "letter_returned")
        FollowUp.objects.filter(citizen=owner).update(next_step_kind="letter", next_step_at=NOW)
        assert [each.left_out for each in letters_due(lead, NOW)] == ["returned"]
        Citizen.objects.filter(pk=owner.pk).update(address="Ny Vej 1", updated_at=NOW + timedelta(days=4))
        assert [each.left_out for each in letters_due(lead, NOW)] == [None]


def test_another_municipality_sees_nothing(lead):
    with records():
        due_citizen(digital_post_exempt=True)
    batch = made(batch_of(lead))
    foreign = actor_with_role(Role.TEAM_LEAD, HOEJE_TAASTRUP)
    with data_context(foreign):
        assert letters_due(foreign, NOW) == []
        assert not LetterBatch.objects.visible_to(foreign).exists()
        assert not Letter.objects.exists()  # row security, whatever the query says
        with pytest.raises(LetterBatch.DoesNotExist):
            mark_sent(by=foreign, batch=batch, seen=[], now=NOW)


def test_a_text_that_lacks_a_value_fails_the_batch_with_its_reason(lead):
    with records():
        due_citizen(digital_post_exempt=True)
    batch = batch_of(lead)
    ContactPoint.objects.all().delete()  # between making and setting
    done = made(batch)
    assert (done.state, done.error_code) == (BatchState.FAILED, "letter_field_missing")
    assert "telefon" in done.changes.last().note


def test_the_task_runs_once_and_a_lost_one_is_found_again(lead):
    with records():
        due_citizen(digital_post_exempt=True)
    batch = batch_of(lead)
    assert letter_jobs.waiting_batch_ids() == [batch.pk]
    LetterBatch.objects.update(leased_until=NOW + timedelta(days=36500))
    assert letter_jobs.waiting_batch_ids() == []
    assert made(batch).state == BatchState.MAKING  # somebody else works on it
    LetterBatch.objects.update(leased_until=None)
    first = made(batch)
    assert made(batch).paper_file == first.paper_file


def test_files_are_erased_when_their_time_is_up(lead, settings):
    with records():
        due_citizen(digital_post_exempt=True)
    batch = made(batch_of(lead))
    kept = NOW + timedelta(days=30)
    assert erase_letter_files(kept - timedelta(seconds=1), kept, False) == 0
    assert erase_letter_files(kept, kept, True) == 1
    assert erase_letter_files(kept, kept, False) == 1
    assert list((Path(settings.UPLOAD_ROOT) / "letters").iterdir()) == []
    batch.refresh_from_db()
    assert (batch.paper_file, batch.files_erased_at) == ("", kept)
    orphan = Path(settings.UPLOAD_ROOT) / "letters" / "nobody"
    orphan.write_bytes(b"x")
    stamp = orphan.stat().st_mtime
    now = datetime.fromtimestamp(stamp, tz=UTC)
    assert erase_orphaned_letter_files(now, now, False) == 0
    assert erase_orphaned_letter_files(now, now + timedelta(days=2), False) == 1
    assert not orphan.exists()


def test_a_batch_has_a_size_and_the_rest_waits_for_the_next(lead, monkeypatch):
    monkeypatch.setattr(batches, "MOST_LETTERS", 2)
    with records():
        for name in ("Aase", "Bent", "Carla"):
            due_citizen(name)
    assert len(states(batch_of(lead))) == 2
    assert len(states(batch_of(lead))) == 1
