"""Find the municipality, region, parish or institution a row of an uptake file speaks of."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from registry.models import Institution, Municipality, Parish, Region
from reports.uptake_files.columns import plain

_ALIASES = Path(__file__).resolve().parent.parent / "data" / "municipality_aliases.csv"


@lru_cache(maxsize=1)
def municipality_aliases() -> dict[str, int]:
    """SSI's own names (as `plain` writes them) → official municipality code."""
    with _ALIASES.open(encoding="utf-8", newline="") as file:
        return {plain(row["ssi_name"]): int(row["kommunekode"]) for row in csv.DictReader(file)}


def _bare(name: str, *words: str) -> str:
    text = plain(name)
    for word in words:
        text = text.removeprefix(word).removesuffix(word)
    return text


@dataclass
class Places:
    """All places a file may name, loaded once per file (98 + 5 + 2,100 rows, and the institutions asked for)."""

    municipalities: dict[str, int] = field(default_factory=dict)
    municipality_codes: set[int] = field(default_factory=set)
    regions: dict[str, int] = field(default_factory=dict)
    parish_codes: set[int] = field(default_factory=set)
    institutions: dict[str, Institution] = field(default_factory=dict)

    @classmethod
    def load(cls, institution_numbers: set[str]) -> Places:
        """Read them from the registry."""
        municipalities = {_bare(each.name, "kommune"): each.code for each in Municipality.objects.all()}
        regions: dict[str, int] = {}
        for region in Region.objects.all():
            regions[_bare(region.name, "region")] = region.pk
            if region.code is not None:
                regions[str(region.code)] = region.pk
        return cls(
            municipalities=municipality_aliases() | municipalities,
            municipality_codes=set(municipalities.values()),
            regions=regions,
            parish_codes=set(Parish.objects.values_list("code", flat=True)),
            institutions={each.number: each for each in Institution.objects.filter(number__in=institution_numbers)},
        )

    def municipality(self, name: str, code: str) -> int | None:
        """The official code for a name (SSI's spelling included) or a code; None when neither is known."""
        for text in (code, name):
            if text.isascii() and text.isdigit() and int(text) in self.municipality_codes:
                return int(text)
        return self.municipalities.get(_bare(name, "kommune")) if name else None

    def region(self, name: str, code: str) -> int | None:
        """The region's key for a name with or without "Region", or for its code."""
        return self.regions.get(code) or self.regions.get(_bare(name, "region"))

    def parish(self, code: str) -> int | None:
        """The parish code, or None for an unknown one."""
        number = int(code) if code.isascii() and code.isdigit() else 0
        return number if number in self.parish_codes else None
