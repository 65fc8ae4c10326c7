"""Import of uptake files: places, aliases, repeats, refusals (D1, D2)."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import Institution, InstitutionKind, Parish
from reports.models import UptakeFigure, UptakeSnapshot
from reports.services.uptake_import import date_in_name, receipt
from tests.factories.reports import GROUP_FILE, HOJE_TAASTRUP, ISHOJ, acting, imported, ishoj

from .test_uptake_files import AGE, INSTITUTION, MUNICIPALITY, PARISH, REGION

pytestmark = pytest.mark.django_db


def test_group_file_is_stored_under_its_municipality_with_the_total_as_given(tmp_path: Path) -> None:
    snapshot = imported(tmp_path, GROUP_FILE, municipality=ishoj())
    assert receipt(snapshot) == {
        "kind": "group", "as_of": date(2021, 4, 20), "rows": 7, "stored": 7, "suppressed": 0,
        "unknown_places": [], "warnings": [],
    }  # fmt: skip
    assert snapshot.municipality == ishoj()
    assert snapshot.figures.get(is_total=True).invited == 2015
    assert snapshot.figures.get(target_group="9").invited is None


def test_group_file_without_a_municipality_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        imported(tmp_path, GROUP_FILE)
    assert error.value.code == "municipality_missing"
    assert not UptakeSnapshot.objects.exists()


def test_parish_file_keeps_hidden_apart_and_rows_without_a_parish(tmp_path: Path) -> None:
    vallensbaek = "Vallensbæk;7151;Ishøj;5120;563;11.0;2.7;7.9;78.4\n"  # a parish under several municipalities
    snapshot = imported(tmp_path, PARISH + vallensbaek)
    assert receipt(snapshot)["suppressed"] == 1
    hidden = snapshot.figures.get(parish_id=7150)
    assert (hidden.suppressed, hidden.not_booked, hidden.invited) == (True, None, 1480)
    assert snapshot.figures.filter(parish_id=7151).count() == 2
    assert snapshot.figures.get(municipality_id=ISHOJ, parish=None).invited == 212


def test_ssi_names_are_known_by_their_aliases(tmp_path: Path) -> None:
    rows = "".join(f"{name},1,1,1.0,1.0,100\n" for name in ("Høje Tåstrup", "Nordfyn", "Vesthimmerland", "Århus"))
    snapshot = imported(tmp_path, MUNICIPALITY + rows)
    codes = snapshot.figures.exclude(municipality=None).order_by("municipality").values_list("municipality", flat=True)
    assert list(codes) == [HOJE_TAASTRUP, ISHOJ, 480, 751, 820]
    assert snapshot.figures.get(is_country=True).started == 700_000


def test_unknown_places_are_listed_and_the_rest_is_stored(tmp_path: Path) -> None:
    snapshot = imported(
        tmp_path, PARISH + "Atlantis;7151;Ishøj;100;50;50.0;10.0;20.0;20.0\nIshøj;1;Intet;100;50;50.0;10.0;20.0;20.0\n"
    )
    assert snapshot.unknown_places == ["Atlantis", "Intet (1)"]
    assert (snapshot.rows, snapshot.figures.count()) == (5, 3)


def test_file_about_unknown_places_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        imported(tmp_path, MUNICIPALITY.split("\n")[0] + "\nAtlantis,1,1,1.0,1.0,100\n")
    assert error.value.code == "no_known_places"
    assert not UptakeSnapshot.objects.exists()


def test_two_rows_about_one_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Række 2 og 5 handler om det samme"):
        imported(tmp_path, PARISH + "Ishøj;7151;Ishøj;1;1;1.0;1.0;1.0;1.0\n")
    assert not UptakeFigure.objects.exists()


def test_same_file_again_answers_the_same_and_stores_nothing(tmp_path: Path) -> None:
    first = imported(tmp_path, PARISH)
    again = imported(tmp_path, PARISH)
    assert (again.pk, receipt(again)) == (first.pk, receipt(first))
    assert UptakeSnapshot.objects.count() == 1


def test_region_and_age_files(tmp_path: Path) -> None:
    region = imported(tmp_path, REGION)
    assert region.figures.get().region.name == "Region Hovedstaden"
    age = imported(tmp_path, AGE, name="alder.csv")
    assert (age.figures.get().age_group, age.figures.get().sex) == ("40-64", "K")


def test_institution_file_of_a_municipality_leaves_out_the_neighbours(tmp_path: Path) -> None:
    parish = Parish.objects.get(code=7151)
    for number, code in (("101001", ISHOJ), ("101002", HOJE_TAASTRUP)):
        Institution.objects.create(
            number=number, name="Skolen", kind=InstitutionKind.SCHOOL, municipality_id=code, parish=parish
        )
    text = INSTITUTION + "101002;Naboskolen;300;100;90\n"
    snapshot = imported(tmp_path, text, by=acting(Role.LIST_ADMIN))
    assert snapshot.unknown_places == ["Naboskolen (101002)"]
    assert snapshot.figures.get().institution.number == "101001"
    assert snapshot.municipality == ishoj()


def test_as_of_is_read_from_the_name_or_is_today_with_a_warning(tmp_path: Path) -> None:
    assert imported(tmp_path, PARISH, name="sogne_2021-03-29.csv", as_of=None).as_of == date(2021, 3, 29)
    undated = imported(tmp_path, PARISH, name="sogne.csv", as_of=None)
    assert undated.pk == UptakeSnapshot.objects.get().pk  # the same bytes: the first one's day stands
    other = imported(tmp_path, MUNICIPALITY, name="kommuner.csv", as_of=None)
    assert (other.as_of, other.warnings) == (
        date(2021, 4, 20),
        ["Filen siger ikke, hvornår tallene er opgjort. Dags dato er brugt."],
    )
    assert date_in_name("fil_20219999.csv") is None


def test_only_those_who_may_import(tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        imported(tmp_path, PARISH, by=acting(Role.CASEWORKER))
    with pytest.raises(UserError) as error:
        imported(tmp_path, GROUP_FILE, by=acting(Role.LIST_ADMIN, HOJE_TAASTRUP), municipality=ishoj())
    assert error.value.code == "other_municipality"


def test_import_leaves_an_audit_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict] = []
    monkeypatch.setattr("reports.services.uptake_import.record", lambda **row: rows.append(row))
    snapshot = imported(tmp_path, PARISH)
    assert [(row["subject_kind"], row["subject_id"]) for row in rows] == [("uptakesnapshot", snapshot.pk)]
