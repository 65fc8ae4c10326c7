"""Read what became of a national file."""

from __future__ import annotations

from typing import Any

from ..models import NationalFile, NonresponderList


def receipt(national_file: NationalFile) -> dict[str, Any]:
    """What was received and how it was shared out (L6, L8b). Municipalities as four digits; no citizens."""
    lists = NonresponderList.objects.filter(national_file=national_file).order_by("municipality_id", "id")
    return {
        "national_file_id": national_file.pk,
        "state": national_file.state,
        "rows": national_file.rows,
        "municipalities": {f"{int(code):04d}": rows for code, rows in national_file.shares.items()},
        "not_served": {f"{int(code):04d}": rows for code, rows in national_file.not_served.items()},
        "unplaced_rows": national_file.unplaced_rows,
        "unplaced": national_file.unplaced,
        "held_because": national_file.held_because,
        "lists": [
            {"municipality": f"{each.municipality_id:04d}", "list_id": each.pk, "state": each.state, "rows": each.rows}
            for each in lists
        ],
    }
