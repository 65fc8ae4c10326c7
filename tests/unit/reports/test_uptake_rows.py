"""Uptake rows exact and shared, follow-up beside them, and the three levels of comparison (D3, D4)."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from outreach.access.data_context import data_context
from registry.models import Municipality, Outcome
from reports.models import UptakeKind
from reports.presenters.uptake import uptake_page
from reports.selectors.comparison import levels
from reports.selectors.follow_up_counts import FollowUpCounts, follow_up_counts, share_counts
from reports.selectors.uptake import UptakeLine, UptakeTable, uptake_rows
from reports.selectors.uptake_sharing import share_lines
from reports.services.summaries import refresh
from tests.factories.reports import AS_OF, GROUP_FILE, NOW, WeeklyList, covid, imported, ishoj, job

from .test_uptake_files import AGE, MUNICIPALITY, PARISH, REGION

pytestmark = pytest.mark.django_db


def rows(kind: UptakeKind, *, shared: bool = False) -> UptakeTable:
    return uptake_rows(kind, ishoj(), covid(), shared=shared)


def test_parish_rows_have_the_shares_as_given(tmp_path: Path) -> None:
    imported(tmp_path, PARISH)
    table = rows(UptakeKind.PARISH)
    assert [line.as_contract() for line in table.lines] == [
        {"code": "7151", "name": "Ishøj", "as_of": AS_OF, "population": None, "invited": 14210, "not_booked": 2488,
         "booked_share": 3.1, "started_share": 8.4, "complete_share": 71.0, "suppressed": False},
        {"code": "7150", "name": "Torslunde", "as_of": AS_OF, "population": None, "invited": 1480, "not_booked": None,
         "booked_share": None, "started_share": None, "complete_share": None, "suppressed": True},
        {"code": "", "name": "Uden sogn", "as_of": AS_OF, "population": None, "invited": 212, "not_booked": 71,
         "booked_share": 1.9, "started_share": 6.6, "complete_share": 58.0, "suppressed": False},
    ]  # fmt: skip
    assert table.total is not None
    assert (table.total.invited, table.total.not_booked) == (15902, None)  # one part is hidden: so is the sum


def test_group_rows_compute_shares_of_those_in_the_group(tmp_path: Path) -> None:
    imported(tmp_path, GROUP_FILE, municipality=ishoj())
    table = rows(UptakeKind.GROUP)
    assert [line.code for line in table.lines] == ["1", "2", "3", "7", "8", "9"]
    assert table.lines[0].complete_share == Decimal("96.6")
    assert table.lines[3].complete_share is None
    assert table.total is not None
    assert table.total.invited == 2015


def test_shared_group_rows_hide_who_is_missing_and_a_neighbour(tmp_path: Path) -> None:
    """Group 1: 3 of 89 not vaccinated. Hidden, so 86 is too; and one more group, or the totals would tell."""
    imported(tmp_path, GROUP_FILE, municipality=ishoj())
    table = rows(UptakeKind.GROUP, shared=True)
    by_code = {line.code: line for line in table.lines}
    assert table.total is None
    assert (by_code["1"].complete, by_code["1"].complete_share, by_code["1"].suppressed) == (None, None, True)
    assert by_code["1"].population == 89
    assert (by_code["3"].complete, by_code["3"].suppressed) == (None, True)  # 7 of 143 not vaccinated
    assert by_code["9"].population == 2055


def test_newest_snapshot_that_speaks_of_the_municipality(tmp_path: Path) -> None:
    imported(tmp_path, PARISH, as_of=date(2021, 4, 13))
    header = PARISH.split("\n")[0]
    imported(tmp_path, f"{header}\nVallensbæk;7149;Vallensbæk;5120;563;11.0;2.7;7.9;78.4\n", name="b.csv")
    assert rows(UptakeKind.PARISH).lines[0].as_of == date(2021, 4, 13)


def test_a_file_split_by_group_is_added_up_per_parish(tmp_path: Path) -> None:
    header = "Bo_kom_today;Sognekode;Målgruppe;Inviterede;Antal_inviteret_ikke_booket\n"
    text = header + "Ishøj;7151;7;100;30\nIshøj;7151;8;50;12\n"
    imported(tmp_path, text)
    (line,) = rows(UptakeKind.PARISH).lines
    assert (line.invited, line.not_booked, line.not_booked_share) == (150, 42, Decimal("28.0"))


def test_age_municipality_and_region_rows(tmp_path: Path) -> None:
    for name, text in (("a.csv", AGE), ("m.csv", MUNICIPALITY), ("r.csv", REGION)):
        imported(tmp_path, text, name=name)
    (age,) = rows(UptakeKind.AGE).lines
    assert (age.code, age.name, age.started_share) == ("40-64 K", "40–64 år, kvinder", Decimal("93.6"))
    assert [line.code for line in rows(UptakeKind.MUNICIPALITY).lines] == ["0183", "DK"]
    assert [line.name for line in rows(UptakeKind.REGION).lines] == ["Region Hovedstaden"]


def test_nothing_imported_gives_an_empty_table() -> None:
    assert rows(UptakeKind.INSTITUTION) == UptakeTable(UptakeKind.INSTITUTION, shared=False)


def test_levels_compare_municipality_region_and_country(tmp_path: Path) -> None:
    imported(tmp_path, MUNICIPALITY, name="m.csv")
    without_region_file = levels(ishoj(), covid(), AS_OF)
    assert [(level.level, level.started_share) for level in without_region_file] == [
        ("municipality", Decimal("10.0")), ("region", None), ("country", Decimal("12.0")),
    ]  # fmt: skip
    imported(tmp_path, REGION, name="r.csv")
    assert levels(ishoj(), covid(), AS_OF)[1].started_share == Decimal("10.8")  # 200,000 of 1,850,000


def test_region_is_added_up_when_every_municipality_is_there(tmp_path: Path) -> None:
    capital = Municipality.objects.filter(regions__region__code=1084, kind="kommune").distinct()
    text = MUNICIPALITY.split("\n")[0] + "\n" + "".join(f"{each.name},10,5,10.0,5.0,100\n" for each in capital)
    imported(tmp_path, text)
    region = levels(ishoj(), covid(), AS_OF)[1]
    assert (region.name, region.started_share, region.complete_share) == (
        "Region Hovedstaden", Decimal("10.0"), Decimal("5.0"),
    )  # fmt: skip


def test_follow_up_counts_beside_the_parishes() -> None:
    with data_context(job()) as by:
        week = WeeklyList()
        for _ in range(12):
            week.person("7", parish=7151)
        week.person("7", parish=7151, outcome=Outcome.DECLINED)
        week.person("7", parish=7150, contacted=True)
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
    exact = follow_up_counts(UptakeKind.PARISH, [ishoj()], covid(), shared=False)
    assert (exact["7151"].on_newest_list, exact["7151"].contacted, exact["7151"].answered) == (13, 1, 1)
    assert (exact["7150"].contacted, exact["7150"].answered) == (1, 0)
    shared = follow_up_counts(UptakeKind.PARISH, [ishoj()], covid(), shared=True)
    assert all(each.suppressed for each in shared.values())
    assert shared["7150"].on_newest_list is None
    assert follow_up_counts(UptakeKind.AGE, [ishoj()], covid(), shared=False) == {}


def test_shared_follow_up_shows_large_counts() -> None:
    large = FollowUpCounts(code="0183", name="Ishøj", on_newest_list=138, contacted=100, answered=60)
    (shared,) = share_counts([large])
    assert (shared.on_newest_list, shared.contacted, shared.answered, shared.suppressed) == (138, 100, 60, False)


def test_shared_steps_hide_the_whole_way_to_a_small_count() -> None:
    small = UptakeLine(
        "1",
        "A",
        invited=1000,
        not_booked=200,
        booked_share=Decimal("0.5"),
        started_share=Decimal("20"),
        complete_share=Decimal("59.5"),
    )
    other = UptakeLine(
        "2",
        "B",
        invited=2000,
        not_booked=400,
        booked_share=Decimal("10"),
        started_share=Decimal("20"),
        complete_share=Decimal("50"),
    )
    lines, total = share_lines([small, other])
    assert total is None
    assert [line.booked_share for line in lines] == [None, None]
    assert [line.complete_share for line in lines] == [Decimal("59.5"), Decimal("50")]
    assert sum(share is None for share in (lines[0].not_booked, lines[0].started_share)) == 1
    assert all(line.suppressed for line in lines)


def test_page_keeps_columns_that_are_hidden_whole_and_names_groups_only_the_list_knows(tmp_path: Path) -> None:
    imported(tmp_path, GROUP_FILE, municipality=ishoj())
    with data_context(job()) as by:
        WeeklyList().people("5", 12)
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
    table = rows(UptakeKind.GROUP, shared=True)
    counts = follow_up_counts(UptakeKind.GROUP, [ishoj()], covid(), shared=True)
    page = uptake_page(table, counts, own_code="0183")
    assert [row.code for row in page.rows] == ["1", "2", "3", "5", "7", "8", "9"]
    assert page.rows[3].name == "5 · Udvalgte personer med særligt øget risiko"
    assert [column.attribute for column in page.columns] == ["population", "invited", "started_share", "complete_share"]
    assert page.rows[0].cells[-1].hidden
