"""Earlier contacts from a spreadsheet: read, matched, reviewed, taken in so that nobody is asked twice, undone (L8)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.models import AnswerWord, ContactAnswer, ContactAttempt, EarlierContactRow, EarlierContacts
from campaigns.selectors.timeline import timeline
from campaigns.services.answers import record_answer
from campaigns.services.earlier_contacts import (
    commit_file,
    decide_words,
    reject_file,
    undo_file,
    unknown_words,
)
from campaigns.services.earlier_contacts_files import receive_file
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, ListRow, Municipality, Programme
from registry.services.phones import add_phone
from tests.factories.cast import actor_with_role
from tests.factories.registry import committed_list, cpr_number, csv_file, make_citizen, moment, row, xlsx_file

pytestmark = pytest.mark.django_db
LISTED = date(2021, 4, 6)
TODAY = date(2021, 4, 20)
NOW = moment(TODAY)
HEADER = ("CPR-nr.", "Telefon", "Dato", "Resultat", "Ringet af", "Bemærkning")


@pytest.fixture
def admin() -> Actor:
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor):
        for serial in range(1, 7):
            make_citizen(serial)
        number = Citizen.objects.get(name="Testperson 5")
        add_phone(by=actor, citizen=number, number="20123456", kind="mobile", source="system", now=NOW)
        called = Citizen.objects.get(name="Testperson 2")
        add_phone(by=actor, citizen=called, number="43123402", kind="landline", source="system", now=NOW)
    committed_list(actor, csv_file([row(1), row(2), row(3)]), as_of=LISTED)
    return actor


def line(serial: int, day: str, answer: str, *, who: str = "Mette", phone: str = "", note: str = "") -> tuple[str, ...]:
    return ("" if phone else cpr_number(serial)), phone, day, answer, who, note


def reviewed(
    by: Actor, tmp_path: Path, lines: list[tuple[str, ...]], *, name: str = "ringeliste.csv", at: int = 0
) -> EarlierContacts:
    content = xlsx_file(lines, HEADER) if name.endswith("xlsx") else csv_file(lines, HEADER)
    return take_in(by, content, name, at)


def take_in(by: Actor, content: io.BytesIO, name: str, at: int = 0, sender: str = "") -> EarlierContacts:
    """As the page and the worker do it, in the caller's data context."""
    now = NOW + timedelta(minutes=at)
    file = receive_file(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=Programme.objects.get(code="covid-19"),
        file=content,
        display_name=name,
        sender=sender,
        now=now,
    )
    read_and_review(file, by=by, now=now)
    return EarlierContacts.objects.get(pk=file.pk)


def problems(file: EarlierContacts) -> dict[int, str]:
    rows = EarlierContactRow.objects.filter(file=file).exclude(problem_code="").order_by("row_number")
    return dict(rows.values_list("row_number", "problem_code"))


def follow_up(serial: int) -> FollowUp:
    return FollowUp.objects.get(citizen__name=f"Testperson {serial}")


def test_a_file_is_counted_by_what_it_does_and_taken_in(admin: Actor, tmp_path: Path) -> None:
    lines = [
        line(1, "12-04-2021", "Ønsker ikke", note="Vil ikke tale om det"),
        line(2, "08-04-2021", "Ingen svar"),
        line(2, "12.04.2021", "Tlf. svarer"),
        line(4, "12-04-2021", "Nej tak"),
        line(0, "13-04-2021", "i tvivl", phone="20 12 34 56"),
    ]
    with data_context(admin):
        file = reviewed(admin, tmp_path, lines)
        assert problems(file) == {}
        assert file.counts == {"closes": 2, "attempt": 2, "stored": 1, "problem": 0}
        committed = commit_file(by=admin, file=file, now=NOW)
        assert committed.state == "committed"
        one, two, four, five = (follow_up(serial) for serial in (1, 2, 4, 5))
        assert (one.closed_reason, one.reopen_on) == ("declined", date(2021, 10, 12))
        assert (two.status, two.call_attempts, two.outcome) == ("open", 2, "voicemail")
        assert two.next_step_reason == "not_reached"
        assert (four.closed_reason, four.origin, four.weeks_on_list) == ("declined", "earlier", 0)
        assert (five.closed_reason, five.outcome) == ("not_listed", "undecided")
        attempt = ContactAttempt.objects.get(citizen=one.citizen_id)
        assert (attempt.by_name, attempt.by_user_id, attempt.kind) == ("Mette", None, "call")
        assert attempt.note == "Vil ikke tale om det"
        told = [entry for entry in timeline(one.citizen) if entry.kind == "imported"]
        assert [entry.text for entry in told] == ["Fra regneark 12.04.2021: Ønsker ikke (Mette)"]


def test_rows_with_something_wrong_are_listed_and_left_out(admin: Actor, tmp_path: Path) -> None:
    lines = [
        line(99, "12-04-2021", "Nej"),  # nobody has the number
        line(1, "21-04-2021", "Nej"),  # tomorrow
        line(1, "3/4/2021", "Nej"),  # may be March
        line(1, "12-04-1921", "Nej"),
        line(1, "", "Nej"),
        line(1, "12-04-2021", ""),
        line(1, "12-04-2021", "Hm hm"),
        line(1, "13-04-2021", "Ingen svar"),
        line(1, "13-04-2021", "svarer ikke"),  # the same contact once more
        ("1234", "", "12-04-2021", "Nej", "", ""),
        ("", "", "12-04-2021", "Nej", "", ""),
        (cpr_number(2)[1:], "", "12-04-2021", "Nej", "", ""),
    ]
    with data_context(admin):
        file = reviewed(admin, tmp_path, lines, name="ringeliste.xlsx")
        assert problems(file) == {
            2: "citizen_unknown",
            3: "contact_date_future",
            4: "date_format",
            5: "date_before_birth",
            6: "contact_date_missing",
            7: "answer_missing",
            8: "answer_unknown",
            10: "contact_repeated",
            11: "cpr_length",
            12: "person_missing",
            13: "leading_zero",  # never repaired silently
        }
        assert file.counts["attempt"] == 1


def test_an_unknown_word_is_explained_once_and_remembered(admin: Actor, tmp_path: Path) -> None:
    lines = [line(1, "12-04-2021", "Nix"), line(2, "12-04-2021", "NIX "), line(3, "12-04-2021", "se ark 2")]
    with data_context(admin):
        file = reviewed(admin, tmp_path, lines)
        assert unknown_words(file) == [("nix", 2), ("se ark 2", 1)]
        with pytest.raises(UserError) as refusal:
            commit_file(by=admin, file=file, now=NOW)
        assert refusal.value.code == "words_unknown"
        file = decide_words(by=admin, file=file, meanings={"nix": "declined", "se ark 2": ""}, now=NOW)
        assert unknown_words(file) == []
        assert file.counts == {"closes": 2, "problem": 1}
        commit_file(by=admin, file=file, now=NOW)
        assert {follow_up(serial).closed_reason for serial in (1, 2)} == {"declined"}
        assert follow_up(3).outcome == ""
        again = reviewed(admin, tmp_path, [line(3, "14-04-2021", "nix")], at=5)
        assert unknown_words(again) == []
        assert AnswerWord.objects.count() == 2


def test_contacts_that_are_known_are_not_counted_again(admin: Actor, tmp_path: Path) -> None:
    with data_context(admin):
        record_answer(by=admin, citizen=follow_up(1).citizen, outcome="no_answer", now=NOW - timedelta(hours=1))
        first = reviewed(admin, tmp_path, [line(1, "20-04-2021", "Ingen svar"), line(2, "12-04-2021", "Optaget")])
        assert problems(first) == {2: "contact_known"}
        commit_file(by=admin, file=first, now=NOW)
        assert follow_up(1).call_attempts == 1
        # The sheet grows: next week's file has last week's rows too.
        second = reviewed(
            admin, tmp_path, [line(2, "12-04-2021", "Optaget"), line(2, "14-04-2021", "Ingen svar")], at=9
        )
        assert problems(second) == {2: "contact_known"}
        commit_file(by=admin, file=second, now=NOW + timedelta(minutes=10))
        assert follow_up(2).call_attempts == 2
        assert ContactAnswer.objects.filter(follow_up=follow_up(2)).count() == 2
        with pytest.raises(UserError) as refusal:
            reviewed(admin, tmp_path, [line(2, "12-04-2021", "Optaget"), line(2, "14-04-2021", "Ingen svar")])
        assert refusal.value.code == "same_file"


def test_an_answer_given_before_the_list_names_them_rides_on_the_row(admin: Actor, tmp_path: Path) -> None:
    with data_context(admin):
        lines = [line(4, "12-04-2021", "Nej"), line(6, "12-04-2021", "Ingen svar")]
        commit_file(by=admin, file=reviewed(admin, tmp_path, lines), now=NOW)
    later = committed_list(
        admin, csv_file([row(serial) for serial in (1, 2, 3, 4, 6)]), as_of=TODAY + timedelta(days=1)
    )
    with data_context(admin):
        # L8: declined stays declined, and the answer stands on the row.
        four, six = follow_up(4), follow_up(6)
        assert (four.status, four.closed_reason, four.last_list_id) == ("closed", "declined", later.pk)
        listed = ListRow.objects.get(nonresponder_list=later, citizen=four.citizen)
        assert (listed.earlier_outcome, listed.row_class) == ("declined", "waiting")
        # Not reached yet: asked now, and the attempt is remembered.
        assert (six.status, six.call_attempts) == ("open", 1)


def test_undo_puts_the_summaries_back_and_keeps_the_proof(admin: Actor, tmp_path: Path) -> None:
    fields = ("pk", "status", "closed_reason", "reopen_on", "outcome", "call_attempts", "last_contact_at")
    with data_context(admin):
        before = list(FollowUp.objects.order_by("pk").values_list(*fields))
        lines = [
            line(1, "12-04-2021", "Nej"),
            line(2, "12-04-2021", "vil ikke kontaktes"),
            line(4, "12-04-2021", "Nej"),
        ]
        committed = commit_file(by=admin, file=reviewed(admin, tmp_path, lines), now=NOW)
        assert Citizen.objects.exclude(do_not_contact_since=None).count() == 1
        undone = undo_file(by=admin, file=committed, now=NOW + timedelta(hours=1))
        assert undone.state == "undone"
        after = list(FollowUp.objects.order_by("pk").values_list(*fields))
        assert after[: len(before)] == before
        assert [each[1:3] for each in after[len(before) :]] == [("closed", "undone")]
        assert not Citizen.objects.exclude(do_not_contact_since=None).exists()
        assert ContactAttempt.objects.filter(undone_at=None).count() == 0
        assert ContactAttempt.objects.count() == 3


def test_undo_is_refused_when_somebody_has_built_on_it(admin: Actor, tmp_path: Path) -> None:
    with data_context(admin):
        committed = commit_file(by=admin, file=reviewed(admin, tmp_path, [line(2, "12-04-2021", "Optaget")]), now=NOW)
        citizen = follow_up(2).citizen
        record_answer(by=admin, citizen=citizen, outcome="books_self", now=NOW + timedelta(hours=1))
        with pytest.raises(UserError) as refusal:
            undo_file(by=admin, file=committed, now=NOW + timedelta(hours=2))
        assert refusal.value.code == "undo_built_on"


def test_a_rejected_file_leaves_no_rows(admin: Actor, tmp_path: Path) -> None:
    with data_context(admin):
        file = reject_file(by=admin, file=reviewed(admin, tmp_path, [line(1, "12-04-2021", "Nej")]), now=NOW)
        assert file.state == "rejected"
        assert not EarlierContactRow.objects.exists()
        with pytest.raises(UserError):
            commit_file(by=admin, file=file, now=NOW)


def test_a_file_without_the_columns_is_refused_with_their_names(admin: Actor) -> None:
    with data_context(admin), pytest.raises(UserError) as refusal:
        take_in(admin, csv_file([("a",)], ("Svar",)), "andet.csv")
    assert refusal.value.code == "no_header"
    assert "CPR-nummer" in refusal.value.message
    assert "Dato" in refusal.value.message
