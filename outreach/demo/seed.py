"""Fill an installation with the demo's organisations, citizens, orders, figures and list files. Repeatable."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from outreach.access.data_context import data_context
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.imports.citizens import import_citizens
from registry.models import Citizen, Municipality, Programme
from reports.services.uptake_import import import_uptake

from .cast import make_cast, make_list_orders, seeding_actor
from .figure_files import AS_OF, FigureFile, write_figure_files
from .list_files import write_lists
from .people import make_people, write_citizen_file
from .places import HOEJE_TAASTRUP, ISHOEJ, make_places, place_of
from .story import DECLINED, NOT_REACTED, UNDECIDED, Person, settle_refusals, write_story

# The clock of an installation that was only seeded: the morning of the fourth list.
SEED_CLOCK = "2021-04-20T09:00"
DEFAULT_RANDOM_SEED = 183
_POPULATION = {"small": 1_500, "municipality": None, "national": None}
_SECOND_NOT_REACTED = {"1": 1, "2": 5, "3": 2, "4": 4, "5": 8, "6": 2, "7": 6, "8": 14}
_SECOND_DECLINED, _SECOND_UNDECIDED = 5, 2


@dataclass
class Seeded:
    """What was made: paths and counts for the command, and the stories that the weeks are played from."""

    folder: Path
    municipalities: list[int]
    citizens: dict[int, int] = field(default_factory=dict)
    list_files: dict[int, list[Path]] = field(default_factory=dict)
    figure_files: list[FigureFile] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    stories: dict[int, list[Person]] = field(default_factory=dict)

    def as_answer(self) -> dict[str, Any]:
        """The command's JSON: paths and counts."""
        return {
            "folder": str(self.folder),
            "municipalities": [f"{code:04d}" for code in self.municipalities],
            "citizens": {f"{code:04d}": count for code, count in self.citizens.items()},
            "lists": {f"{code:04d}": [str(path) for path in paths] for code, paths in self.list_files.items()},
            "uptake_files": [str(file.path) for file in self.figure_files],
            "list_orders": self.orders,
        }


def seed(*, municipality_code: int, scale: str, random_seed: int, now: datetime | None = None) -> Seeded:
    """Make the demo of one municipality and its neighbour; `scale` is empty, small, municipality or national."""
    now = now or parse_moment(SEED_CLOCK)
    set_demo_clock(now)
    folder = settings.VAR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    neighbour = HOEJE_TAASTRUP if municipality_code != HOEJE_TAASTRUP else ISHOEJ
    codes = [municipality_code, neighbour]
    if scale == "national":
        codes += list(
            Municipality.objects.filter(kind="kommune").exclude(code__in=codes).values_list("code", flat=True)
        )
    seeded = Seeded(folder=folder, municipalities=codes)
    make_cast(codes)
    seeded.orders = make_list_orders(codes, now)
    if scale == "empty":
        return seeded
    rng = np.random.default_rng(random_seed)
    for code in codes:
        _people_municipality(seeded, code, scale, rng, now)
    seeded.figure_files = write_figure_files(codes[:2], folder, rng)
    for file in seeded.figure_files:
        _import_figures(file, codes, now)
    return seeded


def _people_municipality(seeded: Seeded, code: int, scale: str, rng: np.random.Generator, now: datetime) -> None:
    place = place_of(code, _POPULATION[scale])
    make_places(place)
    people = make_people(place, rng)
    path = seeded.folder / f"borgere_{code:04d}.csv"
    write_citizen_file(people, path)
    municipality = Municipality.objects.get(code=code)
    with data_context(seeding_actor([code])) as by:
        import_citizens(by=by, municipality=municipality, path=path, display_name=path.name, now=now)
        seeded.citizens[code] = Citizen.objects.filter(municipality=municipality).count()
    if scale == "national" and code not in (ISHOEJ, HOEJE_TAASTRUP):
        return
    memo = code == ISHOEJ and scale != "small"
    story = write_story(people, rng, NOT_REACTED if memo else _SECOND_NOT_REACTED)
    settle_refusals(story, rng, *((DECLINED, UNDECIDED) if memo else (_SECOND_DECLINED, _SECOND_UNDECIDED)))
    seeded.stories[code] = story
    seeded.list_files[code] = write_lists(story, code, seeded.folder)


def _import_figures(file: FigureFile, codes: list[int], now: datetime) -> None:
    one = file.municipality_code
    municipality = None if one is None else Municipality.objects.get(code=one)
    with data_context(seeding_actor(codes)) as by:
        import_uptake(
            by=by,
            path=file.path,
            display_name=file.path.name,
            as_of=AS_OF,
            programme=Programme.objects.get(code="covid-19"),
            municipality=municipality,
            now=now,
            invented=file.invented,
            source=file.source,
        )
