"""L8b: a national file becomes one list per municipality, each on its own; all of them, or none."""

import io
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.imports import national_split
from registry.imports.lists import advance
from registry.models import ListRow, ListState, NationalFile, NonresponderList, Programme
from registry.services.lists import withdraw
from registry.services.national_files import receive_national_file
from tests.factories.cast import actor_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import HEADER, NOON, cpr_number, csv_file, row

pytestmark = pytest.mark.django_db
WITH_MUNICIPALITY = (*HEADER, "Kommunekode")
OPERATOR = system_actor("national-split")


@pytest.fixture(autouse=True)
def two_municipalities() -> None:
    actor_with_role(Role.LIST_ADMIN, ISHOEJ, username="listeadmin")
    actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP, username="listeadmin-2")


def national(rows: list[tuple[str, ...]], header: tuple[str, ...] = WITH_MUNICIPALITY) -> io.BytesIO:
    return csv_file(rows, header)


def received(file: io.BytesIO, as_of: date = date(2021, 3, 30)) -> NationalFile:
    return receive_national_file(
        by=OPERATOR,
        programme=Programme.objects.get(code="covid-19"),
        as_of=as_of,
        waiting_days=22,
        groups=["7"],
        file=file,
        display_name="landet.csv",
        now=NOON,
    )


def split(file: io.BytesIO, as_of: date = date(2021, 3, 30)) -> NationalFile:
    return national_split.split(received(file, as_of).pk, now=NOON)


def lists_of(file: NationalFile) -> dict[int, NonresponderList]:
    return {each.municipality_id: each for each in NonresponderList.objects.filter(national_file=file)}


def folders() -> set[str]:
    """Everything stored for lists and national files, by path."""
    root = Path(settings.UPLOAD_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.parts[-2] in ("lists", "national")}


ROWS = [
    (*row(1), "0183"),
    (*row(2), "0169"),
    (*row(3), "0183 Ishøj"),
    (*row(4), "0101"),
    (*row(5), ""),
    (*row(6), "0999"),
    (*row(7), "169"),
    (*row(8), "0183"),
]


def test_rows_fall_to_their_municipality_and_nowhere_else() -> None:
    before = folders()
    file = split(national(ROWS))
    # By hand: 1, 3 and 8 are Ishøj's; 2 and 7 Høje-Taastrup's; 4 is Copenhagen's, who is not here; 5 and 6 nobody's.
    assert (file.state, file.rows, file.shares) == ("split", 8, {"169": 2, "183": 3})
    assert (file.not_served, file.unplaced_rows, file.unplaced) == ({"101": 1}, 2, [6, 7])
    lists = lists_of(file)
    assert {code: (each.state, each.groups_stated) for code, each in lists.items()} == {
        169: (ListState.UPLOADED, ["7"]),
        183: (ListState.UPLOADED, ["7"]),
    }
    # The raw file has served its purpose; the two parts are kept, and nothing else is left.
    assert file.file_erased_at == NOON
    assert folders() - before == {f"lists/{each.stored_name}" for each in lists.values()}
    ishoej = advance(lists[183].pk, now=NOON)
    assert (ishoej.state, ishoej.rows) == (ListState.REVIEWED, 3)
    with data_context(system_actor("test", [183, 169])):
        names = ListRow.objects.filter(nonresponder_list=ishoej).order_by("row_number").values_list("name", flat=True)
        assert list(names) == ["Testperson 1", "Testperson 3", "Testperson 8"]


def test_one_list_admin_never_sees_the_others_part() -> None:
    lists = lists_of(split(national(ROWS)))
    own = actor_with_role(Role.LIST_ADMIN, ISHOEJ, username="en-til")
    assert list(NonresponderList.objects.visible_to(own)) == [lists[183]]


def test_nobody_in_a_municipality_may_hand_one_in() -> None:
    by = actor_with_role(Role.LIST_ADMIN, ISHOEJ, username="en-til")
    with pytest.raises(PermissionDenied):
        receive_national_file(
            by=by,
            programme=Programme.objects.get(code="covid-19"),
            as_of=date(2021, 3, 30),
            waiting_days=22,
            groups=[],
            file=national(ROWS),
            display_name="landet.csv",
            now=NOON,
        )


def test_a_file_without_municipalities_is_refused_and_erased() -> None:
    before = folders()
    file = split(csv_file([row(1), row(2)]))
    assert (file.state, file.error_code) == ("failed", "no_header")
    assert "Kommunekode" in file.error_message
    assert folders() == before


def test_the_same_bytes_again_are_refused_until_one_of_the_lists_has_ended() -> None:
    file = split(national(ROWS))
    with pytest.raises(UserError, match="allerede modtaget") as refusal:
        received(national(ROWS))
    assert refusal.value.code == "same_file"
    lists = lists_of(file)
    withdraw(by=actor_with_role(Role.LIST_ADMIN, ISHOEJ, username="en-til"), nonresponder_list=lists[183], now=NOON)
    again = split(national(ROWS))
    # Høje-Taastrup's list stands; only Ishøj's is made anew.
    assert set(lists_of(again)) == {183}


def test_a_held_file_leaves_nothing_and_is_split_after_a_reason() -> None:
    first = [(*row(serial), "0183" if serial % 2 else "0169") for serial in range(120)]
    split(national(first), date(2021, 3, 23))
    before = folders()
    second = [(*row(serial), "0183") for serial in range(60)]
    held = split(national(second))
    assert (held.state, [reason["code"] for reason in held.held_because]) == (
        "held",
        ["one_municipality", "vanished_municipality"],
    )
    assert lists_of(held) == {}
    assert folders() - before == {f"national/{held.stored_name}"}
    answer = command("--confirm", str(held.pk), "--reason", "SSI har bekræftet filen")
    assert answer["state"] == "split"
    assert [(each["municipality"], each["state"]) for each in answer["lists"]] == [("0183", "reviewed")]
    assert folders() - before == {f"lists/{lists_of(held)[183].stored_name}"}


def test_a_fault_while_the_lists_are_made_leaves_neither_lists_nor_files(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = national_split.receive_list

    def second_one_fails(**arguments: Any) -> NonresponderList:
        if made:
            raise RuntimeError("invented fault")
        created = real(**arguments)
        made.append(created.stored_name)
        return created

    before = folders()
    monkeypatch.setattr(national_split, "receive_list", second_one_fails)
    file = received(national(ROWS))
    with pytest.raises(RuntimeError):
        national_split.split(file.pk, now=NOON)
    assert made
    assert lists_of(file) == {}
    assert folders() - before == {f"national/{file.stored_name}"}
    monkeypatch.setattr(national_split, "receive_list", real)
    assert national_split.split(file.pk, now=NOON).state == "split"


def test_three_faults_end_the_file_with_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**arguments: Any) -> NonresponderList:
        raise RuntimeError("invented fault")

    monkeypatch.setattr(national_split, "receive_list", fails)
    file = received(national(ROWS))
    for _attempt in range(3):
        assert national_split.waiting_file_ids() == [file.pk]
        with pytest.raises(RuntimeError):
            national_split.split(file.pk, now=NOON)
    file.refresh_from_db()
    assert (file.state, file.error_code) == ("failed", "fault")
    assert national_split.waiting_file_ids() == []


@pytest.mark.case("F09")
def test_a_file_that_took_three_workers_with_it_gets_no_fourth() -> None:
    file = received(national(ROWS))
    # A killed worker writes nothing but the attempt it claimed.
    NationalFile.objects.filter(pk=file.pk).update(attempts=3)
    assert national_split.split(file.pk, now=NOON).state == "failed"
    assert national_split.waiting_file_ids() == []
    assert not NonresponderList.objects.filter(national_file=file).exists()


def command(*arguments: str) -> dict[str, Any]:
    output = StringIO()
    call_command(
        "import_national_list", *arguments, json=True, now="2021-03-30T12:00", stdout=output, stderr=StringIO()
    )
    answer: dict[str, Any] = json.loads(output.getvalue())
    return answer


def test_the_command_takes_every_part_to_its_review(tmp_path: Path) -> None:
    path = tmp_path / "landet.csv"
    path.write_bytes(national(ROWS).getvalue())
    answer = command(str(path), "--programme", "covid-19", "--as-of", "2021-03-30", "--waiting-days", "22")
    assert answer["municipalities"] == {"0169": 2, "0183": 3}
    assert answer["not_served"] == {"0101": 1}
    assert [(each["municipality"], each["state"], each["rows"]) for each in answer["lists"]] == [
        ("0169", "reviewed", 2),
        ("0183", "reviewed", 3),
    ]
    assert cpr_number(1) not in json.dumps(answer)
