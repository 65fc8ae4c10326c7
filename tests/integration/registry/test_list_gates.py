"""What holds a whole list back, who may let it pass, and files that are no list: a Danish sentence each."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports.lists import advance
from registry.models import FollowUp, ListOrder, ListRow, ListState, Municipality, NonresponderList, Programme
from registry.services.list_orders import create_list_order
from registry.services.lists import approve, confirm_mapping, receive_list, reject, withdraw
from tests.factories.cast import actor_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import (
    FIRST_WEEK,
    HEADER,
    committed_list,
    cpr_number,
    csv_file,
    make_citizen,
    moment,
    receive,
    reviewed_list,
    row,
    xlsx_file,
)

pytestmark = pytest.mark.django_db
NEXT_WEEK = FIRST_WEEK + timedelta(days=7)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


@pytest.fixture
def colleague(admin: Actor) -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


def order(admin: Actor, *, expires_on: date, approved_on: date = date(2021, 1, 1)) -> ListOrder:
    with data_context(admin):
        return create_list_order(
            by=admin,
            municipality=Municipality.objects.get(pk=ISHOEJ),
            programme=Programme.objects.get(code="covid-19"),
            reference="SST-DEMO-0",
            purpose="Lav tilslutning i Gadekæret",
            approved_on=approved_on,
            expires_on=expires_on,
            now=moment(date(2021, 1, 1)),
        )


def codes(reviewed: NonresponderList) -> list[str]:
    return [gate["code"] for gate in reviewed.gates]


def test_expired_order_holds_an_ordered_list(admin: Actor, colleague: Actor) -> None:
    expired = order(admin, expires_on=date(2021, 3, 1))
    reviewed = reviewed_list(admin, csv_file([row(1)]), order=expired)
    assert reviewed.state == ListState.REVIEWED
    assert codes(reviewed) == ["order_expired"]
    assert reviewed.gates[0]["message"].startswith("Bestillingen SST-DEMO-0 udløb 01.03.2021.")
    with data_context(colleague):
        assert approve(by=colleague, nonresponder_list=reviewed, now=moment(FIRST_WEEK)).state == ListState.REVIEWED
        with pytest.raises(UserError):
            approve(
                by=colleague,
                nonresponder_list=reviewed,
                now=moment(FIRST_WEEK),
                override="order_expired",
                reason="Den er vigtig",
            )
        assert not FollowUp.objects.exists()


def test_order_that_expires_before_approval_holds_then(admin: Actor) -> None:
    last_day = order(admin, expires_on=FIRST_WEEK)
    reviewed = reviewed_list(admin, csv_file([row(1)]), order=last_day)
    assert codes(reviewed) == []
    with data_context(admin):
        late = approve(by=admin, nonresponder_list=reviewed, now=moment(NEXT_WEEK))
    assert codes(late) == ["order_expired"]


def test_list_of_another_municipality_is_held_for_good(admin: Actor, colleague: Actor) -> None:
    header = (*HEADER, "Kommunekode")
    reviewed = reviewed_list(admin, csv_file([(*row(1), "0169"), (*row(2), "169")], header))
    assert codes(reviewed) == ["another_municipality"]
    assert reviewed.counts == {"moved": 2}
    with data_context(colleague), pytest.raises(UserError):
        approve(
            by=colleague,
            nonresponder_list=reviewed,
            now=moment(FIRST_WEEK),
            override="another_municipality",
            reason="Alligevel",
        )


def test_list_of_another_programme_is_held(admin: Actor) -> None:
    header = (*HEADER, "Vaccinationsprogram")
    reviewed = reviewed_list(admin, csv_file([(*row(1), "Influenza")], header))
    assert codes(reviewed) == ["another_programme"]
    accepted = reviewed_list(admin, csv_file([(*row(1), "COVID 19")], header))
    assert codes(accepted) == []


def test_shrunken_list_needs_a_second_person(admin: Actor, colleague: Actor) -> None:
    committed_list(admin, csv_file([row(serial) for serial in range(1, 31)]), as_of=FIRST_WEEK)
    small = reviewed_list(admin, csv_file([row(1), row(2)]), as_of=NEXT_WEEK)
    assert codes(small) == ["fewer_rows"]
    now = moment(NEXT_WEEK)
    with data_context(admin):
        with pytest.raises(UserError) as refusal:
            approve(by=admin, nonresponder_list=small, now=now, override="fewer_rows", reason="Den er rigtig")
        assert refusal.value.code == "override_own"
    with data_context(colleague):
        with pytest.raises(UserError) as refusal:
            approve(by=colleague, nonresponder_list=small, now=now, override="fewer_rows")
        assert refusal.value.code == "override_reason"
        passed = approve(
            by=colleague, nonresponder_list=small, now=now, override="fewer_rows", reason="Ringede til SSI"
        )
    assert passed.state == ListState.COMMITTED
    assert passed.overrides[0]["by"] == colleague.name
    assert passed.counts == {"waiting": 2, "gone": 28}


def test_older_list_never_overwrites_newer_answers(admin: Actor, colleague: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=NEXT_WEEK)
    older = reviewed_list(admin, csv_file([row(1), row(3)]), as_of=FIRST_WEEK, now=moment(NEXT_WEEK))
    assert codes(older) == ["older_than_newest"]
    assert older.counts == {"waiting": 1, "new": 1}
    with data_context(colleague):
        approve(
            by=colleague,
            nonresponder_list=older,
            now=moment(NEXT_WEEK),
            override="older_than_newest",
            reason="Glemt i sidste uge",
        )
        weeks = dict(FollowUp.objects.values_list("citizen__name", "weeks_on_list"))
        newest = FollowUp.objects.get(citizen__name="Testperson 1").last_list
    assert weeks == {"Testperson 1": 1, "Testperson 2": 1, "Testperson 3": 1}
    assert newest is not None
    assert newest.as_of == NEXT_WEEK


def test_wrong_registry_or_file_is_seen_by_the_match_rate(admin: Actor) -> None:
    with data_context(admin):
        for serial in range(2000, 3000):
            make_citizen(serial)
    reviewed = reviewed_list(admin, csv_file([row(serial) for serial in range(1, 61)]))
    assert codes(reviewed) == ["low_match_rate"]


def test_same_bytes_are_refused_with_who_and_when(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1)]))
    with pytest.raises(UserError) as refusal:
        receive(admin, csv_file([row(1)]), as_of=NEXT_WEEK)
    assert refusal.value.code == "same_file"
    assert "30.03.2021 kl. 12.00 af Mette Holm" in refusal.value.message
    assert NonresponderList.objects.count() == 1


def test_same_bytes_on_their_way_are_refused(admin: Actor) -> None:
    receive(admin, csv_file([row(1)]))
    with pytest.raises(UserError) as refusal:
        receive(admin, csv_file([row(1)]))
    assert refusal.value.code == "same_file_in_progress"


def test_foreign_municipality_is_refused(admin: Actor) -> None:
    with pytest.raises(PermissionDenied):
        receive(admin, csv_file([row(1)]), municipality=HOEJE_TAASTRUP)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "liste.csv", "file_empty"),
        (b"%PDF-1.7 \xe2\xe3", "liste.csv", "file_type"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "liste.csv", "file_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "liste.xlsx", "file_password"),
        (b"CPR-nummer;Navn\r\n", "liste.xlsx", "file_type_mismatch"),
        (b"CPR-nummer;Navn\r\n", "liste.exe", "file_type"),
        (b"PK\x03\x04half", "liste.xlsx", "file_truncated"),
        (xlsx_file([row(1)]).getvalue(), "liste.csv", "file_type_mismatch"),
        (xlsx_file([row(1)]).getvalue()[:2000], "liste.xlsx", "file_truncated"),
    ],
)
def test_what_is_no_list_is_refused_at_the_door(admin: Actor, content: bytes, name: str, code: str) -> None:
    with pytest.raises(UserError) as refusal:
        receive(admin, BytesIO(content), display_name=name)
    assert refusal.value.code == code
    assert not NonresponderList.objects.exists()
    assert list(Path(settings.UPLOAD_ROOT, "lists").iterdir()) == []


LINE = "7101390001;Åse Prøve;7;08-03-2021\r\n"
HEAD = "CPR-nummer;Navn;Målgruppe;Inviteret\r\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LINE.encode(), "no_header"),
        ("CPR-nummer;Navn;Målgruppe\r\n7101390001;Åse;7\r\n".encode(), "no_header"),
        (("CPR;" + HEAD + "7101390001;" + LINE).encode(), "duplicate_header"),
        ((HEAD + LINE + "7101390002;Bo").encode(), "truncated"),
        ((HEAD + LINE + '7101390002;"Bo').encode(), "truncated"),
        ((HEAD + LINE).encode() + "7101390002;Bø;7;08-03-2021\r\n".encode("cp1252"), "encoding_mixed"),
        ((HEAD + LINE + '7101390002;"Bo" Bo;7;08-03-2021\r\n').encode(), "quotes"),
        (b"bare tekst\r\n", "no_header"),
    ],
)
def test_file_that_cannot_be_read_fails_with_a_sentence(admin: Actor, content: bytes, code: str) -> None:
    failed = reviewed_list(admin, BytesIO(content))
    assert (failed.state, failed.error_code) == (ListState.FAILED, code)
    assert failed.error_message.endswith(".")
    assert "7101390" not in failed.error_message
    with data_context(admin):
        assert not ListRow.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters_are_read_alike(admin: Actor, encoding: str, delimiter: str) -> None:
    reviewed = reviewed_list(admin, BytesIO((HEAD + LINE).replace(";", delimiter).encode(encoding)))
    assert reviewed.state == ListState.REVIEWED, reviewed.error_message
    with data_context(admin):
        assert ListRow.objects.get().name == "Åse Prøve"


def test_quoted_newline_and_delimiter_stay_one_row(admin: Actor) -> None:
    reviewed = reviewed_list(admin, BytesIO((HEAD + '7101390001;"Åse;\r\nPrøve";7;08-03-2021\r\n' + LINE).encode()))
    with data_context(admin):
        assert [(each.row_number, each.name) for each in ListRow.objects.order_by("row_number")] == [
            (2, "Åse; Prøve"),
            (3, "Åse Prøve"),
        ]
    assert reviewed.rows == 2


def test_uneven_row_is_unreadable_and_shifts_nothing(admin: Actor) -> None:
    content = HEAD + "7101390001;Åse;Prøve;7;08-03-2021\r\n7101390002;Bo;7\r\n" + "7101390003;Cai;7;08-03-2021;;\r\n"
    reviewed = reviewed_list(admin, BytesIO(content.encode()))
    with data_context(admin):
        rows = list(ListRow.objects.order_by("row_number").values_list("row_number", "row_class", "problem_code"))
    assert rows == [(2, "unreadable", "cells"), (3, "unreadable", "cells"), (4, "new", "")]
    assert reviewed.counts == {"unreadable": 2, "new": 1}


def test_unknown_column_is_dropped_and_said(admin: Actor) -> None:
    reviewed = reviewed_list(admin, csv_file([(*row(1), "hemmelig")], (*HEADER, "Diagnose")))
    assert reviewed.dropped_columns == ["Diagnose"]
    assert "Diagnose" in reviewed.warnings[0]["message"]


def test_date_in_the_file_name_that_differs_is_a_warning(admin: Actor) -> None:
    reviewed = reviewed_list(admin, csv_file([row(1)]), display_name="SSI-2021-03-23.csv")
    assert [warning["code"] for warning in reviewed.warnings] == ["name_differs"]


def test_strange_headers_wait_for_a_person_and_go_on(admin: Actor) -> None:
    waiting = reviewed_list(admin, csv_file([row(1)], ("Nummer", "Borger", "Gruppe", "Kontaktet")))
    assert (waiting.state, waiting.waits_for) == (ListState.UPLOADED, "mapping")
    with data_context(admin):
        confirm_mapping(
            by=admin,
            nonresponder_list=waiting,
            mapping={"cpr": "Nummer", "name": "Borger", "target_group": "Gruppe", "invited_on": "Kontaktet"},
            now=moment(FIRST_WEEK),
        )
    assert advance(waiting.pk, now=moment(FIRST_WEEK)).counts == {"new": 1}


def test_spreadsheet_numbers_and_dates_are_read_as_what_they_are(admin: Actor) -> None:
    cells = [(int(cpr_number(1)), "Åse", 7, date(2021, 3, 8)), (cpr_number(2), "Bo", "7", 44263)]
    reviewed = reviewed_list(admin, xlsx_file(cells, title="Liste fra SSI"))
    with data_context(admin):
        rows = {each.row_number: each for each in ListRow.objects.all()}
    # The title stands in row 1, the header in row 2.
    assert (rows[3].row_class, rows[3].invited_on, rows[3].target_group) == ("new", date(2021, 3, 8), "7")
    assert (rows[4].row_class, rows[4].problem_code) == ("unreadable", "date_format")
    assert reviewed.rows == 2


def test_missing_group_is_derived_from_the_registry(admin: Actor) -> None:
    with data_context(admin):
        make_citizen(1, care_home=True)
        make_citizen(2, personal_care=True, practical_help=True)
        make_citizen(3)
    listed = [(cpr_number(serial), f"Testperson {serial}", "08-03-2021") for serial in (1, 2, 3)]
    reviewed = reviewed_list(admin, csv_file(listed, ("CPR", "Navn", "Inviteret")))
    with data_context(admin):
        groups = dict(ListRow.objects.values_list("name", "target_group"))
    assert groups == {"Testperson 1": "1", "Testperson 2": "2", "Testperson 3": "7"}
    assert reviewed.groups_covered == ["1", "2", "7"]


def test_rejected_and_withdrawn_lists_end(admin: Actor) -> None:
    one = reviewed_list(admin, csv_file([row(1)]))
    with data_context(admin):
        assert reject(by=admin, nonresponder_list=one, now=moment(FIRST_WEEK)).state == ListState.REJECTED
        with pytest.raises(UserError):
            approve(by=admin, nonresponder_list=one, now=moment(FIRST_WEEK))
    # The same bytes may come again after that.
    again = receive(admin, csv_file([row(1)]))
    with data_context(admin):
        assert withdraw(by=admin, nonresponder_list=again, now=moment(FIRST_WEEK)).state == ListState.WITHDRAWN
    assert advance(again.pk, now=moment(FIRST_WEEK)).state == ListState.WITHDRAWN


def test_what_the_list_states_is_checked(admin: Actor) -> None:
    def handed_in(**changes: object) -> NonresponderList:
        stated: dict[str, object] = {
            "as_of": FIRST_WEEK, "waiting_days": 22, "groups": [], "order": None, "display_name": "liste.csv",
        }  # fmt: skip
        with data_context(admin):
            return receive_list(
                by=admin,
                municipality=Municipality.objects.get(pk=ISHOEJ),
                programme=Programme.objects.get(code="covid-19"),
                file=csv_file([row(1)]),
                now=moment(FIRST_WEEK),
                **{**stated, **changes},  # type: ignore[arg-type]
            )

    for changes, code in [
        ({"as_of": NEXT_WEEK}, "as_of_future"),
        ({"waiting_days": 4000}, "waiting_days"),
        ({"groups": ["7", "99"]}, "unknown_group"),
    ]:
        with pytest.raises(UserError) as refusal:
            handed_in(**changes)
        assert refusal.value.code == code
