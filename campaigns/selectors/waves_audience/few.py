"""What is known of few and keeps them out of a wave: asked first, so that the statement over everybody stays simple."""

from __future__ import annotations

from typing import Any

from registry.selectors.citizens import SOURCE_ORDER

from .sql import statement

# The bit of `marks` in sql/wave_audience.sql that says "gets it through another"; the others come from wave_few.sql.
SHARING = 128
# For this transaction: hashes of a million rows stay in memory, and the work is shared from a few thousand rows on.
SETTINGS = {
    "work_mem": "128MB",
    "hash_mem_multiplier": "2",
    "parallel_setup_cost": "10",
    "parallel_tuple_cost": "0.001",
    "enable_mergejoin": "off",
}
PROCESSES_BESIDE = "2"


def know_few(cursor: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with what is known of few; lets the statements that follow use every processor."""
    _set(cursor, SETTINGS | {"max_parallel_workers_per_gather": "0"})
    cursor.execute(statement("wave_spare_mobiles"), parameters)
    parameters["spare_mobiles"] = [phone_id for (phone_id,) in cursor.fetchall()]
    cursor.execute(statement("wave_few"), parameters)
    marks: dict[int, int] = {}
    for mark, citizen_id in cursor.fetchall():
        marks[citizen_id] = marks.get(citizen_id, 0) | mark
    cursor.execute(statement("wave_shared"), parameters)
    holders = [citizen_id for (citizen_id,) in cursor.fetchall()]
    for citizen_id in _sharing(cursor, parameters, holders, marks):
        marks[citizen_id] = marks.get(citizen_id, 0) | SHARING
    _set(cursor, {"max_parallel_workers_per_gather": PROCESSES_BESIDE})
    return parameters | {"few": list(marks), "marks": list(marks.values())}


def _sharing(cursor: Any, parameters: dict[str, Any], holders: list[int], marks: dict[int, int]) -> list[int]:
    """Of those who have a number in common those who would get the text where another recipient gets it."""
    if not holders:
        return []
    marked = [citizen_id for citizen_id in holders if citizen_id in marks]
    cursor.execute(
        statement("wave_audience", "wave_sharing"),
        parameters
        | {"only": holders, "few": marked, "marks": [marks[citizen_id] for citizen_id in marked]}
        | {"sources": [str(source) for source in SOURCE_ORDER]},
    )
    return [citizen_id for (citizen_id,) in cursor.fetchall()]


def _set(cursor: Any, settings: dict[str, str]) -> None:
    for setting, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
