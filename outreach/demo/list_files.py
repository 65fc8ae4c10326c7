"""Write the weekly lists as SSI would send them: XLSX, with the small faults that real ones have."""

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from .story import LIST_DATES, Person

HEADER = ["CPR-nummer", "Navn", "Målgruppe", "Inviteret", "Kommunekode"]
_DATE_COLUMN = "D"


def write_lists(story: list[Person], municipality_code: int, folder: Path) -> list[Path]:
    """One file per week, rows in name order as the sender sorts them; the third week has two typical faults."""
    return [
        _write_list(story, week, as_of, municipality_code, folder) for week, as_of in enumerate(LIST_DATES, start=1)
    ]


def _write_list(story: list[Person], week: int, as_of: date, municipality_code: int, folder: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Ej reageret"
    sheet.append(["Borgere, som ikke har reageret på invitation", None, None, None, None])
    sheet.append([f"Data trukket {as_of:%d.%m.%Y}", None, None, None, None])
    sheet.append(HEADER)
    listed = sorted((person for person in story if person.on_list(week)), key=lambda person: person.name)
    for person in listed:
        sheet.append([person.cpr, person.name, person.group, person.invited_on, f"{municipality_code:04d}"])
    if week == len(LIST_DATES) - 1:
        _add_faults(sheet, listed, municipality_code)
    for cell in sheet[_DATE_COLUMN][3:]:
        cell.number_format = "dd-mm-yyyy"
    sheet.column_dimensions["B"].width = 32
    path = folder / f"SSI_ej_reageret_{municipality_code:04d}_uge{as_of.isocalendar().week}.xlsx"
    workbook.save(path)
    return path


def _add_faults(sheet: Any, listed: list[Person], municipality_code: int) -> None:
    """A citizen twice with the same row, and a number that is no date."""
    twice = listed[0]
    sheet.append([twice.cpr, twice.name, twice.group, twice.invited_on, f"{municipality_code:04d}"])
    sheet.append(["9913404242", "Ulæselig Række", "7", listed[0].invited_on, f"{municipality_code:04d}"])
