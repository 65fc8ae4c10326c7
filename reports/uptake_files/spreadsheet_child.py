"""The reading child: `python -m reports.uptake_files.spreadsheet_child FILE`, sheets as JSON on standard output.

Runs without Django, keys or database, under memory and time limits, and may not write files: whatever a hostile
spreadsheet does to the parser happens here. Exit code 3: it is no spreadsheet.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MEMORY_BYTES = 1024**3
CPU_SECONDS = 30
NO_SPREADSHEET = 3


def main(path: str) -> int:
    """Print `[[[cell, …], …], …]`: the rows of every sheet, rows above the first used one included."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = [
                [
                    [_text(cell) for cell in row]
                    for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ]
                for name in workbook.sheet_names
            ]
    except CalamineError:
        return NO_SPREADSHEET
    json.dump(sheets, sys.stdout, ensure_ascii=False)
    return 0


def _text(cell: Any) -> str:
    """A cell as a person would type it: a whole number without `.0`, a day as 2021-04-20."""
    if isinstance(cell, float):
        # repr keeps every digit; spreadsheets store 17.5 as 17.5 and 2015 as 2015.0
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
