"""The rules in reference data: a municipality's own to ask again by, and those of all that only few may change."""

import json
import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.clock.services import set_demo_clock
from registry.birth_years import birth_year_words, years_of
from registry.imports.lists import advance
from registry.models import (
    ClosedReason,
    DeadlineRule,
    FollowUp,
    Programme,
    ReaskRule,
    ReferenceChange,
    RowClass,
    TargetGroup,
)
from registry.resources import files
from registry.selectors.lists import rows_in_class
from registry.selectors.reask import row_sentence
from registry.services.follow_ups import close_follow_up
from registry.services.lists import approve
from registry.services.reference_data import save_reference_row
from tests.factories.cast import actor_with_role, client_with_role, user_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.list_pages import NOW
from tests.factories.registry import committed_list, csv_file, make_citizen, moment, reviewed_list, row

pytestmark = pytest.mark.django_db
REASK, GROUPS, PROGRAMMES = "/stamdata/spoerg-igen/", "/stamdata/maalgrupper/", "/stamdata/programmer/"
WEEKS = [date(2021, 4, 6), date(2021, 4, 13)]
REASK_HEADER = ";".join(
    ["Afsluttet fordi", "Svar", "Program", "Når en liste nævner borgeren", "I en ny målgruppe", "I et nyt program"]
    + ["Efter dage", "Kommunekode"]
)


@pytest.fixture
def list_admin() -> Client:
    """Ishøj's, the only municipality there is."""
    set_demo_clock(NOW)
    return client_with_role(Role.LIST_ADMIN, username="listeadmin")


@pytest.fixture
def neighbour() -> Client:
    """A second municipality is served."""
    return client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="naboen")


def own_rule(client: Client, **changes: str) -> HttpResponse:
    values = {"closed_reason": "declined", "outcome": "", "programme": "", "when_new_programme": "on"} | changes
    return client.post(f"{REASK}opret/", values, follow=True)  # type: ignore[return-value]


def hand_in(client: Client, address: str, lines: list[str]) -> HttpResponse:
    file = SimpleUploadedFile("regler.csv", ("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    return client.post(f"{address}indlaes/", {"file": file})  # type: ignore[return-value]


def confirm(client: Client, address: str, page: HttpResponse) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found is not None, page.content.decode()
    return client.post(f"{address}indlaes/bekraeft/", {"ticket": found[1]}, follow=True).content.decode()


def exported(client: Client, address: str) -> list[str]:
    text = client.get(f"{address}hent/", {"format": "csv"}).content.decode()
    return text.removeprefix("\ufeff").splitlines()


def command(path: Path, *arguments: str, **options: Any) -> dict[str, Any]:
    output = StringIO()
    call_command("import_reference_data", str(path), *arguments, json=True, stdout=output, stderr=StringIO(), **options)
    return json.loads(output.getvalue())


def refused(path: Path, **options: Any) -> dict[str, str]:
    output = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("import_reference_data", str(path), json=True, stdout=output, stderr=StringIO(), **options)
    assert exit_.value.code == 2
    return json.loads(output.getvalue())["error"]


def written(path: Path, *lines: str) -> Path:
    path.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig", newline="")
    return path


# When somebody is asked again (L7, L8)


def test_an_own_rule_goes_before_the_common_one_on_the_next_list(list_admin: Client) -> None:
    """Person 1 said no; the common rule lets that rest half a year, the municipality's own until the next list."""
    with data_context(actor_with_role(Role.LIST_ADMIN, username="mette")) as admin:
        people = {serial: make_citizen(serial) for serial in (1, 2)}
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    with data_context(admin):
        said_no = FollowUp.objects.get(citizen=people[1])
        FollowUp.objects.filter(pk=said_no.pk).update(outcome="declined")
        close_follow_up(by=admin, follow_up=said_no, reason=ClosedReason.DECLINED, now=moment(WEEKS[0]))

    before = reviewed_list(admin, csv_file([row(2), row(1)]), as_of=WEEKS[1])
    assert review_sentences(admin, before, people[1].pk) == [(RowClass.WAITING, "")]

    page = own_rule(list_admin, when_listed="on").content.decode()
    assert "»Ønsker ikke vaccination« er gemt." in page
    assert "når en liste nævner borgeren, i et nyt program" in page
    after = reviewed_list(admin, csv_file([row(1), row(2), row(3)]), as_of=WEEKS[1])
    ((_class, sentence),) = review_sentences(admin, after, people[1].pk)
    assert sentence == "Sagde nej 06.04.2021 og spørges igen, fordi borgeren står på listen igen."


def test_a_rule_changed_under_a_review_has_the_list_compared_anew_before_it_is_used(list_admin: Client) -> None:
    """Nobody is asked again whom the reviewer was not shown (L5)."""
    with data_context(actor_with_role(Role.LIST_ADMIN, username="mette")) as admin:
        person = make_citizen(1)
        make_citizen(2)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    with data_context(admin):
        said_no = FollowUp.objects.get(citizen=person)
        FollowUp.objects.filter(pk=said_no.pk).update(outcome="declined")
        close_follow_up(by=admin, follow_up=said_no, reason=ClosedReason.DECLINED, now=moment(WEEKS[0]))
    under_review = reviewed_list(admin, csv_file([row(2), row(1)]), as_of=WEEKS[1])

    own_rule(list_admin, when_listed="on")
    later = moment(WEEKS[1]) + timedelta(days=8)
    with data_context(admin):
        sent_back = approve(by=admin, nonresponder_list=under_review, now=later)
        assert sent_back.state == "uploaded"
        assert "En regel for at spørge igen er ændret imens" in sent_back.changes.latest("id").note
        assert FollowUp.objects.get(citizen=person).status == "closed"
    again = advance(under_review.pk, now=later)
    ((_class, sentence),) = review_sentences(admin, again, person.pk)
    assert sentence.endswith("fordi borgeren står på listen igen.")
    with data_context(admin):
        assert approve(by=admin, nonresponder_list=again, now=later).state == "committed"
        assert FollowUp.objects.get(citizen=person).status == "open"


def review_sentences(admin: Any, reviewed: Any, citizen_id: int) -> list[tuple[str, str]]:
    with data_context(admin):
        rows = [each for row_class in RowClass for each in rows_in_class(reviewed, row_class)]
        return [
            (each.row_class, row_sentence(each.reask_code, FollowUp.objects.get(citizen=each.citizen_id), "7"))
            for each in rows
            if each.citizen_id == citizen_id
        ]


def test_a_rule_is_the_municipalitys_own_logged_and_in_its_history(list_admin: Client, neighbour: Client) -> None:
    own_rule(list_admin, after_days="90")
    rule = ReaskRule.objects.get(municipality=ISHOEJ)
    assert (rule.closed_reason, rule.outcome, rule.programme, rule.after_days) == ("declined", "", None, 90)
    answer = list_admin.post(f"{REASK}{rule.pk}/", {"after_days": "30", "when_other_group": "on"}, follow=True)
    assert "er gemt" in answer.content.decode()
    rule.refresh_from_db()
    assert (rule.after_days, rule.when_other_group, rule.closed_reason) == (30, True, "declined")
    page = list_admin.get(f"{REASK}{rule.pk}/").content.decode()
    assert "Efter dage: 90 → 30" in page
    assert "I en ny målgruppe: nej → ja" in page
    assert neighbour.get(f"{REASK}{rule.pk}/").status_code == 404
    with data_context(system_actor("test", [ISHOEJ])):
        events = AccessEvent.objects.filter(subject_kind="reaskrule").order_by("recorded_at")
        assert [event.subject_label for event in events] == [f"Regel for at spørge igen {rule.pk}"] * 2


def test_the_common_rules_are_read_and_left_alone(list_admin: Client) -> None:
    common = ReaskRule.objects.get(municipality=None, closed_reason="declined")
    page = list_admin.get(f"{REASK}{common.pk}/").content.decode()
    assert "183" in page
    assert '<form method="post" novalidate' not in page
    assert list_admin.post(f"{REASK}{common.pk}/", {"after_days": "1"}).status_code == 403
    common.refresh_from_db()
    assert common.after_days == 183


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closed_reason": "do_not_contact"}, "kan ikke vælges her"),
        ({"closed_reason": "status"}, "kan ikke vælges her"),
        ({"outcome": "deceased"}, "kan ikke vælges her"),
        ({"after_days": "0"}, "Skriv et antal dage mellem 1 og 3.650"),
    ],
)
def test_what_no_rule_may_say_is_refused(list_admin: Client, changes: dict[str, str], sentence: str) -> None:
    answer = own_rule(list_admin, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ReaskRule.objects.exclude(municipality=None).exists()


def test_a_second_rule_for_the_same_is_refused(list_admin: Client) -> None:
    own_rule(list_admin)
    assert "I har allerede jeres egen regel" in own_rule(list_admin).content.decode()
    assert ReaskRule.objects.filter(municipality=ISHOEJ).count() == 1


def test_the_file_that_went_out_comes_back_without_effect(list_admin: Client) -> None:
    own_rule(list_admin, after_days="90")
    lines = exported(list_admin, REASK)
    assert lines[0] == REASK_HEADER
    assert "Ønsker ikke vaccination;alle;alle;nej;ja;ja;183;alle" in lines
    assert "Ønsker ikke vaccination;alle;alle;nej;nej;ja;90;0183" in lines
    page = hand_in(list_admin, REASK, lines).content.decode()
    assert "Filen ændrer ikke noget" in page


def test_a_file_adds_and_changes_own_rules_only(list_admin: Client) -> None:
    own_rule(list_admin, after_days="90")
    page = hand_in(
        list_admin, REASK,
        [
            REASK_HEADER,
            "Ønsker ikke vaccination;alle;alle;nej;nej;ja;60;0183",
            "Har svaret;I tvivl;covid-19;ja;ja;ja;;0183",
        ],
    )  # fmt: skip
    assert "Efter dage: 90 → 60" in page.content.decode()
    assert "1 nye og 1 ændrede" in confirm(list_admin, REASK, page)
    own = ReaskRule.objects.filter(municipality=ISHOEJ).order_by("closed_reason")
    assert [(rule.closed_reason, rule.outcome, rule.after_days) for rule in own] == [
        ("answered", "undecided", None),
        ("declined", "", 60),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Ønsker ikke vaccination;alle;alle;nej;ja;ja;1;alle", "Rækken gælder alle kommuner og ændres af driften."),
        ("Ønsker ikke vaccination;alle;alle;nej;ja;ja;1;0169", "Rækken hører til en anden kommune (0169)."),
        ("Vil ikke kontaktes igen;alle;alle;ja;ja;ja;;0183", "bedt om ikke at blive kontaktet"),
        ("Død, udrejst eller forsvundet;alle;alle;ja;ja;ja;;0183", "Den, der er død"),
        ("Har svaret;alle;alle;måske;ja;ja;;0183", "»måske« kendes ikke. Skriv ja eller nej."),
        ("Har svaret;alle;gulfeber;ja;ja;ja;;0183", "Koden »gulfeber« findes ikke."),
        (";alle;alle;ja;ja;ja;;0183", "Rækken mangler Afsluttet fordi."),
    ],
)
def test_a_row_that_is_not_theirs_or_says_nothing_holds_the_file_back(
    list_admin: Client, neighbour: Client, line: str, sentence: str
) -> None:
    count = ReaskRule.objects.count()
    answer = hand_in(list_admin, REASK, [REASK_HEADER, "Har svaret;I tvivl;alle;ja;ja;ja;;0183", line])
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ReaskRule.objects.count() == count


# Programmes and target groups: everybody's


def group(code: str = "8") -> TargetGroup:
    return TargetGroup.objects.get(programme__code="covid-19", code=code)


def group_values(found: TargetGroup, **changes: str) -> dict[str, str]:
    return {
        "name": found.name,
        "order": str(found.order),
        "kind": found.kind,
        "birth_years": birth_year_words(found.birth_years),
        "valid_to": "",
        "mandatory_from": "",
        "mandatory_to": "",
    } | changes


def test_where_one_municipality_is_served_it_keeps_groups_and_programmes(list_admin: Client) -> None:
    found = group()
    values = group_values(found, mandatory_from="01.05.2021", birth_years="1941-1946")
    page = list_admin.post(f"{GROUPS}{found.pk}/", values, follow=True).content.decode()
    assert "er gemt" in page
    found.refresh_from_db()
    assert (found.mandatory_from, found.birth_years, found.code) == (date(2021, 5, 1), [1941, 1946], "8")
    history = list_admin.get(f"{GROUPS}{found.pk}/").content.decode()
    assert "Pligt fra: – → 01.05.2021" in history
    assert "Årgange: 1942–1946 → 1941–1946" in history

    influenza = Programme.objects.get(code="influenza")
    list_admin.post(f"{PROGRAMMES}{influenza.pk}/", {"name": "Influenza 2021"}, follow=True)
    influenza.refresh_from_db()
    assert (influenza.name, influenza.active, influenza.code) == ("Influenza 2021", False, "influenza")
    assert "Influenza 2021" not in list_admin.get("/lister/indlaes/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_years": ""}, "Skriv årgange, når målgruppen afgrænses af årgange"),
        ({"birth_years": "gamle"}, "»gamle« er ikke årgange."),
        ({"kind": "care_home"}, "Skriv årgange, når målgruppen afgrænses af årgange"),
        ({"mandatory_to": "01.05.2021"}, "En periode skal have en første dag"),
        ({"valid_to": "01.05.1999"}, "En periode skal have en første dag"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(list_admin: Client, changes: dict[str, str], sentence: str) -> None:
    found = group()
    answer = list_admin.post(f"{GROUPS}{found.pk}/", group_values(found, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ReferenceChange.objects.exists()


def test_where_several_are_served_nobody_changes_what_is_everybodys(list_admin: Client, neighbour: Client) -> None:
    for address, found in ((GROUPS, group()), (PROGRAMMES, Programme.objects.get(code="covid-19"))):
        table = list_admin.get(address).content.decode()
        assert "Den ændres af driften" in table
        assert "Indlæs fil" not in table
        assert "kan kun ses her" in list_admin.get(f"{address}{found.pk}/").content.decode()
        assert list_admin.post(f"{address}{found.pk}/", {"name": "Mit"}).status_code == 403
        for page in ("opret/", "indlaes/", "indlaes/bekraeft/"):
            assert list_admin.post(address + page).status_code == 403
    by = actor_with_role(Role.LIST_ADMIN, username="mette")
    with pytest.raises(PermissionDenied):
        save_reference_row(by=by, table="target_groups", row=group(), origin="prøve", now=NOW, purpose="prøve")
    assert not ReferenceChange.objects.exists()


def test_programmes_are_made_by_operations_and_not_on_a_page(list_admin: Client) -> None:
    assert list_admin.get(f"{PROGRAMMES}opret/").status_code == 403


@pytest.mark.parametrize(
    ("text", "years", "words"),
    [
        ("1972-1976", [1972, 1976], "1972–1976"),
        ("1972–1976, 2002 - 2005", [1972, 1976, 2002, 2005], "1972–1976, 2002–2005"),
        ("til 1936", [0, 1936], "til 1936"),
        ("1950", [1950, 1950], "1950–1950"),
        ("", [], ""),
    ],
)
def test_birth_years_are_read_as_people_write_them(text: str, years: list[int], words: str) -> None:
    assert years_of(text) == years
    assert birth_year_words(years) == words
    assert years_of(words) == years


@pytest.mark.parametrize("text", ["1976-1972", "1990-", "72-76", "-", "19721976", "1972-1976-1980"])
def test_what_are_no_birth_years_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="er ikke årgange"):
        years_of(text)


# The command


def test_operations_add_a_group_by_file_after_a_dry_run(tmp_path: Path, list_admin: Client, neighbour: Client) -> None:
    header = "Program;Målgruppe;Navn;Rækkefølge;Afgrænses af;Årgange;Gælder fra;Gælder til;Pligt fra;Pligt til"
    file = written(tmp_path / "grupper.csv", header, "covid-19;10D9;Prøvegruppe;99;Årgange;1980-1984;01.07.2021;;;")
    tried = command(file, table="target_groups", dry_run=True)
    assert (tried["done"], tried["counts"]) == (False, {"new": 1, "changed": 0, "unchanged": 0, "error": 0})
    assert not TargetGroup.objects.filter(code="10D9").exists()
    done = command(file, table="target_groups", now=NOW.isoformat())
    assert (done["done"], done["changes"][0]["name"]) == (True, "Prøvegruppe")
    assert TargetGroup.objects.get(code="10D9").birth_years == [1980, 1984]
    assert command(file, table="target_groups")["counts"]["unchanged"] == 1
    change = ReferenceChange.objects.get()
    assert (change.by_name, change.origin, change.municipality_id) == ("reference-data", "grupper.csv", None)
    assert list((Path(settings.UPLOAD_ROOT) / files.FOLDER).iterdir()) == []


def test_operations_change_the_common_rules_and_a_user_the_own_ones(tmp_path: Path) -> None:
    user_with_role(Role.LIST_ADMIN, username="listeadmin")
    header = "Program;Arbejdsdage til første kontakt;Arbejdsdage til svar;Kommunekode"
    command(written(tmp_path / "frister.csv", header, "covid-19;4;12;alle"), table="deadline_rules")
    own = written(tmp_path / "egne.csv", header, "covid-19;3;9;0183")
    command(own, table="deadline_rules", by="listeadmin")
    days = dict(DeadlineRule.objects.filter(programme__code="covid-19").values_list("municipality", "answer_days"))
    assert days == {None: 12, ISHOEJ: 9}
    assert refused(own, table="deadline_rules")["code"] == "wrong_rows"


def test_one_wrong_row_stops_the_command_and_is_named(tmp_path: Path) -> None:
    user_with_role(Role.LIST_ADMIN, username="listeadmin")
    header = "Institutionsnummer;Navn;Type"
    file = written(tmp_path / "skoler.csv", header, "101001;Prøveskolen;Skole", "101002;Rumskolen;Rumskib")
    error = refused(file, table="institutions", by="listeadmin")
    assert error["code"] == "wrong_rows"
    assert "Række 3: Type: »Rumskib« kendes ikke." in error["message"]
    tried = command(file, table="institutions", by="listeadmin", dry_run=True)
    assert [each["row"] for each in tried["errors"]] == [3]
    assert not ReferenceChange.objects.exists()


def test_the_command_says_what_it_cannot_do(tmp_path: Path) -> None:
    user_with_role(Role.CASEWORKER, username="sagsbehandler")
    file = written(tmp_path / "skoler.csv", "Institutionsnummer;Navn;Type", "101001;Prøveskolen;Skole")
    assert refused(file, table="institutions")["code"] == "needs_user"
    assert refused(file, table="huse")["code"] == "unknown_table"
    assert refused(tmp_path / "ingen.csv", table="institutions", by="sagsbehandler")["code"] == "no_such_file"
    assert refused(file, table="institutions", by="sagsbehandler")["code"] == "not_allowed"
