"""Write the uptake files of the demo. What the memo [004] or SSI printed is theirs; every other figure is invented."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from registry.models import Institution, InstitutionKind, Municipality, Parish

from .places import HOEJE_TAASTRUP, ISHOEJ
from .story import LIST_DATES

AS_OF = LIST_DATES[-1]
MEMO_SOURCE = "Ishøj Kommunes notat af 21.04.2021; i målgruppen: FLIS fratrukket tidligere målgrupper"
INVENTED_SOURCE = "Opdigtede tal til demoen"
_UNKNOWN = "–"
# In group, invited, started, fully vaccinated, as the memo's tables have them.
_MEMO_GROUPS = [
    ("1", "89", _UNKNOWN, _UNKNOWN, "86"),
    ("2", "325", _UNKNOWN, _UNKNOWN, "300"),
    ("3", "143", _UNKNOWN, _UNKNOWN, "136"),
    ("7", "383", _UNKNOWN, _UNKNOWN, _UNKNOWN),
    ("8", "1041", _UNKNOWN, _UNKNOWN, _UNKNOWN),
    ("9", "2055", _UNKNOWN, _UNKNOWN, _UNKNOWN),
    ("I alt", _UNKNOWN, "2015", _UNKNOWN, _UNKNOWN),
]
_OTHER_GROUPS = [
    ("1", "21", "21", "20", "20"),
    ("2", "70", "70", "66", "61"),
    ("3", "33", "33", "32", "31"),
    ("7", "88", "88", "79", _UNKNOWN),
    ("8", "230", "214", _UNKNOWN, _UNKNOWN),
    ("I alt", "442", "426", "310", "112"),
]
# Ishøj's 2,015 invited citizens by parish; the division is invented.
_MEMO_PARISHES = {7151: 1_852, 7150: 163}
# Share with first dose and share fully vaccinated, percent: Ishøj and the country from the memo.
_SHARES = {ISHOEJ: (18.0, 7.5), HOEJE_TAASTRUP: (18.4, 8.1)}
_COUNTRY = ("Hele landet", 1_098_000, 520_000, 18.8, 8.9, 5_840_045)


@dataclass(frozen=True)
class FigureFile:
    """One file to import: `municipality_code` where it speaks of one municipality, `invented` where it is made up."""

    path: Path
    kind: str
    municipality_code: int | None
    source: str
    invented: bool


def write_figure_files(municipality_codes: list[int], folder: Path, rng: np.random.Generator) -> list[FigureFile]:
    """Group figures per municipality, and parishes, municipalities and institutions of the region."""
    region = Municipality.objects.filter(regions__region__code=1084).distinct().order_by("code")
    files = []
    for code in municipality_codes:
        memo = code == ISHOEJ
        path = folder / f"maalgrupper_{code:04d}.csv"
        header = ["Målgruppe", "Borgere i målgruppen", "Inviterede", "Påbegyndt", "Færdigvaccinerede"]
        _write(path, header, _MEMO_GROUPS if memo else _OTHER_GROUPS)
        files.append(FigureFile(path, "group", code, MEMO_SOURCE if memo else INVENTED_SOURCE, not memo))
    files.append(_parish_file(list(region), folder, rng))
    files.append(_municipality_file(list(region), folder, rng))
    files.append(_institution_file(municipality_codes, folder, rng))
    return files


def _write(path: Path, header: list[str], rows: Sequence[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)


def _parish_file(municipalities: list[Municipality], folder: Path, rng: np.random.Generator) -> FigureFile:
    header = [
        "Bo_kom_today", "Sognekode", "Sogn", "Inviterede_i_sognet", "Antal_inviteret_ikke_booket",
        "Andel_inviteret_ikke_booket", "Andel_booket", "Andel_påbegyndt", "Andel_færdigvaccineret",
    ]  # fmt: skip
    names = {municipality.code: municipality.name for municipality in municipalities}
    rows: list[tuple[object, ...]] = []
    for parish in Parish.objects.filter(main_municipality_id__in=names).order_by("main_municipality_id", "code"):
        place = (names[parish.main_municipality_id], f"{parish.code:04d}", parish.name)
        invited = _MEMO_PARISHES.get(parish.code) or int(rng.integers(60, 1_400))
        waiting = round(invited * float(rng.uniform(0.03, 0.16)))
        if waiting < 10:
            rows.append((*place, invited, "<10", "", "", "", ""))
            continue
        not_booked = round(100 * waiting / invited, 1)
        booked, started = round(float(rng.uniform(8, 30)), 1), round(float(rng.uniform(25, 45)), 1)
        complete = round(100 - not_booked - booked - started, 1)
        rows.append((*place, invited, waiting, not_booked, booked, started, complete))
    path = folder / "Vaccination_sogne.csv"
    _write(path, header, rows)
    return FigureFile(path, "parish", None, INVENTED_SOURCE, True)


def _municipality_file(municipalities: list[Municipality], folder: Path, rng: np.random.Generator) -> FigureFile:
    header = [
        "Kommunenavn", "Antal første vacc.", "Antal faerdigvacc.", "Vacc.dækning foerste vacc. (%)",
        "Vacc.dækning faerdigvacc. (%)", "Antal borgere",
    ]  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for municipality in municipalities:
        citizens = 23_095 if municipality.code == ISHOEJ else int(rng.integers(14_000, 90_000))
        invented = (round(float(rng.uniform(16.5, 21.5)), 1), round(float(rng.uniform(7.0, 10.5)), 1))
        first, complete = _SHARES.get(municipality.code, invented)
        rows.append(
            (
                municipality.name,
                round(citizens * first / 100),
                round(citizens * complete / 100),
                first,
                complete,
                citizens,
            )
        )
    rows.append(_COUNTRY)
    path = folder / "Vaccinationsdaekning_kommune.csv"
    _write(path, header, rows)
    source = "Ishøj og hele landet: Ishøj Kommunes notat af 21.04.2021; øvrige kommuner: opdigtede tal"
    return FigureFile(path, "municipality", None, source, True)


def _institution_file(municipality_codes: list[int], folder: Path, rng: np.random.Generator) -> FigureFile:
    header = ["Institutionsnummer", "Institution", "Indskrevne", "Inviterede", "Påbegyndt", "Færdigvaccinerede"]
    rows: list[tuple[object, ...]] = []
    institutions = Institution.objects.filter(municipality_id__in=municipality_codes, invented=True)
    for institution in institutions.exclude(kind=InstitutionKind.CARE_HOME).order_by("number"):
        enrolled = int(rng.integers(120, 620))
        invited = round(enrolled * float(rng.uniform(0.05, 0.3)))
        started = round(invited * float(rng.uniform(0.4, 0.8)))
        rows.append((institution.number, institution.name, enrolled, invited, started, round(started * 0.4)))
    path = folder / "Vaccination_institutioner.csv"
    _write(path, header, rows)
    return FigureFile(path, "institution", None, INVENTED_SOURCE, True)
