"""Meet a header with what a person said of the sender's earlier ones: read on, read otherwise, or ask (L1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..headers import fingerprint, normalise_header
from ..models import ColumnMapping, MappingSource, NonresponderList
from ..services.column_mappings import LIST, remembered
from .columns import propose


@dataclass(frozen=True)
class Recalled:
    """A mapping from memory: our name → their header ("" = not in the file). `ask` when the header has changed."""

    mapping: dict[str, str]
    ask: bool


def hints(nonresponder_list: NonresponderList) -> dict[str, str]:
    """What the reader is told before it has seen the header: a person's word, never an earlier reading's own guess."""
    if nonresponder_list.mapping_source == MappingSource.PERSON:
        return dict(nonresponder_list.mapping)
    nonresponder_list.mapping, nonresponder_list.mapping_source = {}, MappingSource.PROPOSED
    return {}


def absent_columns(nonresponder_list: NonresponderList) -> dict[str, str]:
    """The columns that a person said the file has not: our name → ""."""
    return {ours: theirs for ours, theirs in nonresponder_list.mapping.items() if not theirs}


def recall(nonresponder_list: NonresponderList, header: Sequence[str]) -> Recalled | None:
    """What memory says of this header; None when a person has mapped this list, or memory adds nothing."""
    if nonresponder_list.mapping_source == MappingSource.PERSON:
        return None
    known = remembered(nonresponder_list.municipality_id, nonresponder_list.sender, LIST)
    return recalled_from(known, header)


def recalled_from(known: Sequence[ColumnMapping], header: Sequence[str], specification: str = LIST) -> Recalled | None:
    """Pure part of `recall`; `known` newest first.

    The same header is read as it was. Of a changed one, what still fits is carried over, and a person is asked when
    that differs from what the synonyms would do by themselves: an earlier correction is never dropped in silence.
    """
    mark = fingerprint(header)
    for each in known:
        if each.fingerprint == mark:
            return Recalled(carried_over(each.mapping, header), ask=False)
    if not known:
        return None
    carried = carried_over(known[0].mapping, header)
    if placed(header, carried, specification) == placed(header, {}, specification):
        return None
    return Recalled(carried, ask=True)


def carried_over(mapping: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """A mapping in the words of this header; columns it has no more are left to the synonyms."""
    own = {normalise_header(name): name for name in reversed(header) if name.strip()}
    found = {ours: own.get(normalise_header(theirs), "") if theirs else "" for ours, theirs in mapping.items()}
    return {ours: theirs for ours, theirs in found.items() if theirs or not mapping[ours]}


def placed(header: Sequence[str], mapping: Mapping[str, str], specification: str = LIST) -> dict[str, int]:
    """Our columns and where they are in the header."""
    return propose(header, specification, mapping).positions
