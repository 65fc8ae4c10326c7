"""Which tables the pages of reference data show. Every app adds its own when it is ready; lower ones know none above.

An app calls `add_tables("<app>.<module>.<function>")` in its AppConfig.ready; the function returns the app's
`ReferenceTable`s. It adds the rows of their addresses to the access matrix; pages, search, export, import, scope and
history come with them. Workers and commands never load them: the function is called when the addresses are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor

from ..services.reference_data import may_change_common

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from ..forms.reference_data import ReferenceForm
    from .rows import ReferenceResource


@dataclass(frozen=True)
class TableColumn:
    """A column of the table page: its title and what it shows of a row, as words."""

    title: StrOrPromise
    words: Callable[[Any], str]


_NAME = gettext_lazy("Navn")


@dataclass(frozen=True)
class ReferenceTable:
    """One table. Without a form it can be seen and exported only.

    `key` names its addresses (`registry:reference_<key>`) and its history, `slug` stands in the address,
    `row_parameter` is the name of a row's key in it. `rows` gives the rows an actor may see, `search` the look-ups
    that the search box asks (none: no box), `labels` the Danish name of each field in the history, `words_title` what
    a row is called by. The rows of a
    `national` table are everybody's; with an empty `create_title` none is added on a page.
    """

    key: str
    slug: str
    title: StrOrPromise
    lead: StrOrPromise
    rows: Callable[[Actor], QuerySet[Any]]
    search: Sequence[str]
    columns: Sequence[TableColumn]
    resource: type[ReferenceResource]
    row_words: Callable[[Any], str]
    empty: StrOrPromise
    model: type[Model]
    form: type[ReferenceForm] | None = None
    row_parameter: str = ""
    may_edit: Callable[[Any], bool] = lambda _row: True
    create_title: StrOrPromise = ""
    note: Callable[[Any], str] = lambda _row: ""
    labels: Mapping[str, StrOrPromise] = field(default_factory=dict)
    words_title: StrOrPromise = _NAME
    national: bool = False

    @property
    def holds_common_rows(self) -> bool:
        """Whether some rows hold for every municipality."""
        return self.national or any(each.name == "municipality" and each.null for each in self.model._meta.fields)

    def may_take_in(self, actor: Actor) -> bool:
        """Whether the actor may add rows to the table, and change some, from a file."""
        return self.form is not None and (not self.national or may_change_common(actor))

    def may_add(self, actor: Actor) -> bool:
        """Whether the actor may add a row on a page."""
        return bool(self.create_title) and self.may_take_in(actor)

    def may_change(self, actor: Actor, row: Any) -> bool:
        """Whether the actor may change this row; who may not can read it, and its history."""
        return self.may_take_in(actor) and self.may_edit(row)


_sources: list[str] = []


def add_tables(source: str) -> None:
    """Name the function that returns an app's tables, by its dotted path. Call it when the app is ready."""
    if source not in _sources:
        _sources.append(source)


@cache
def _by_key() -> dict[str, ReferenceTable]:
    return {table.key: table for source in _sources for table in import_string(source)()}


def tables() -> list[ReferenceTable]:
    """All tables in the order their apps were ready: lower apps first."""
    return list(_by_key().values())


def table_of(key: str) -> ReferenceTable:
    """The table of a key; KeyError for none."""
    return _by_key()[key]
