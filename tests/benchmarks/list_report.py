"""The result of the list benchmark as Markdown, and its growth as an SVG picture."""

from collections.abc import Sequence
from itertools import pairwise
from math import log10
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "list-import-growth.svg"
STAGES = {"read": "read", "match": "match", "review": "review", "commit": "commit"}
COLOURS = {"in all": "#1b2a4a", "read": "#0077b6", "match": "#2a9d3f", "commit": "#c1440e"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 460, 70, 110, 30, 60


def markdown(answer: dict[str, Any]) -> str:
    """Everything measured, as it stands in README.md."""
    return "\n\n".join([_targets(answer), _growth(answer["growth"]), _profile(answer["growth"][-1])]) + "\n"


def _targets(answer: dict[str, Any]) -> str:
    csv, xlsx, raw = answer["growth"][-1], answer["xlsx"], answer["raw_copy_and_join_seconds"]
    rate, bulk = answer["import_export_rows_per_second"], answer["import_export_bulk_rows_per_second"]
    bare, core = answer["raw_into_a_bare_table_seconds"], csv["stages"]["match"] + csv["stages"]["commit"]
    short = answer["short_lists_seconds"]
    lines = [
        f"{csv['rows']:,} rows (2 % unknown) against {answer['citizens']:,} citizens, {answer['home']:,} of them in the"
        f" list's municipality, the others spread over 97 more (made, or found, in {answer['fill_seconds']:.0f} s)."
        f" Load of other work on the two cores at the start: {answer['load']:.1f}.",
        "",
        "| measured in one run | | target |",
        "|---|---|---|",
        f"| CSV, file → committed and planned | {csv['in_all']:.1f} s | ≤ 60 s |",
        f"| XLSX, file → committed and planned | {xlsx['in_all']:.1f} s | ≤ 60 s |",
        f"| memory of the worker, CSV / XLSX | {csv['worker_mb']} / {xlsx['worker_mb']} MB | ≤ 600 MB |",
        f"| memory of the reading child, CSV / XLSX | {csv['child_mb']} / {xlsx['child_mb']} MB | apart |",
        f"| list of 2,000 rows, XLSX, upload → review | {answer['small_list_seconds']:.2f} s | < 3 s |",
        *(f"| list of {rows:,} rows, CSV, file → committed and planned | {short[rows]:.2f} s | |" for rows in short),
        f"| raw COPY + one join insert into the follow-ups, keys checked | {raw:.1f} s | |",
        f"| the pipeline, in times of that | {csv['in_all'] / raw:.1f} | ≤ 4 |",
        f"| raw COPY + one join insert into a bare table without index or key | {bare:.1f} s | |",
        f"| the pipeline, in times of that | {csv['in_all'] / bare:.1f} | |",
        f"| `django-import-export`, row by row, sample of {answer['sample']:,} | {rate:.0f} rows/s | |",
        f"| the pipeline, in times of that | {csv['rows'] / csv['in_all'] / rate:.0f} | ≥ 25 |",
        f"| its match and insert, in times of that | {csv['rows'] / core / rate:.0f} | ≥ 100 |",
        f"| `django-import-export`, bulk mode, the same sample | {bulk:.0f} rows/s | |",
        f"| the pipeline, and its match and insert, in times of that | {csv['rows'] / csv['in_all'] / bulk:.0f},"
        f" {csv['rows'] / core / bulk:.0f} | |",
    ]
    return "\n".join(lines)


def _growth(measured: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| rows | read | match | review | commit | second look, call tasks, COMMIT | in all | rows/s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in measured:
        stages = [each["stages"][name] for name in STAGES]
        rest = each["in_all"] - sum(stages)
        cells = [f"{seconds:.1f} s" for seconds in [*stages, rest, each["in_all"]]]
        lines.append(f"| {each['rows']:,} | {' | '.join(cells)} | {each['rows'] / each['in_all']:,.0f} |")
    return "\n".join(lines)


def _profile(largest: dict[str, Any]) -> str:
    lines = ["| where the time goes | seconds |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {seconds:.1f} |" for name, seconds in largest["statements"])])


def picture(measured: Sequence[dict[str, Any]]) -> str:
    """Seconds over rows, both logarithmic, one line for each stage."""
    rows = [each["rows"] for each in measured]
    series = {"in all": [each["in_all"] for each in measured]}
    series |= {name: [each["stages"][name] for each in measured] for name in ("read", "match", "commit")}
    lowest, highest = 0.01, 100.0
    left, right = log10(rows[0]), log10(rows[-1])

    def x(value: float) -> float:
        return LEFT + (log10(value) - left) / ((right - left) or 1) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        share = (log10(max(value, lowest)) - log10(lowest)) / (log10(highest) - log10(lowest))
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="13" role="img" aria-label="Seconds of a list import over its number of rows">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for tick in (0.01, 0.1, 1, 10, 60, 100):
        dashes = ' stroke-dasharray="6 4"' if tick == 60 else ""
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#bbb"{dashes}/>'
            f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g} s</text>'
        )
    for count in rows:
        parts.append(f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">{count:,}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">rows</text>')
    placed = -100.0
    for name, values in sorted(series.items(), key=lambda item: -item[1][-1]):
        points = [(x(count), y(value)) for count, value in zip(rows, values, strict=True)]
        for (from_x, from_y), (to_x, to_y) in pairwise(points):
            parts.append(
                f'<line x1="{from_x:.1f}" y1="{from_y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{COLOURS[name]}"'
                ' stroke-width="2.5"/>'
            )
        parts += [f'<circle cx="{at:.1f}" cy="{up:.1f}" r="4" fill="{COLOURS[name]}"/>' for at, up in points]
        placed = max(points[-1][1], placed + 17)  # labels do not lie on each other
        parts.append(
            f'<text x="{points[-1][0] + 10:.1f}" y="{placed + 4:.1f}" fill="{COLOURS[name]}">'
            f"{name} {values[-1]:.1f} s</text>"
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
