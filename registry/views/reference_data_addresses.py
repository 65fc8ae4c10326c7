"""The addresses of each table that an app has added: one set per table, so that the access matrix names them all."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..resources.tables import ReferenceTable, tables
from . import reference_data, reference_data_files


def reference_addresses() -> list[URLPattern]:
    """All pages of reference data. A table without a form has no page that changes anything."""
    addresses = [path("stamdata/", reference_data.reference_index, name="reference_index")]
    for table in tables():
        addresses += _of(table)
    return addresses


def _of(table: ReferenceTable) -> list[URLPattern]:
    start, name, key = f"stamdata/{table.slug}/", f"reference_{table.key}", {"key": table.key}
    addresses = [
        path(start, reference_data.reference_table, key, name=name),
        path(f"{start}hent/", reference_data.reference_export, key, name=f"{name}_export"),
    ]
    if table.form is not None:
        addresses += [
            path(f"{start}opret/", reference_data.reference_create, key, name=f"{name}_create"),
            path(f"{start}indlaes/", reference_data_files.reference_import, key, name=f"{name}_import"),
            path(f"{start}indlaes/bekraeft/", reference_data_files.reference_confirm, key, name=f"{name}_confirm"),
            path(f"{start}<int:{table.row_parameter}>/", reference_data.reference_row, key, name=f"{name}_row"),
        ]
    return addresses
