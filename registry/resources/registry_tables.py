"""The registry's tables on the pages of reference data: its places here, its rules beside."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, QuerySet, Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.design.formats import date_da

from ..forms.reference_data import HousingAreaForm, InstitutionForm
from ..models import HousingArea, Institution
from .registry_resources import HousingAreaResource, InstitutionResource
from .rule_tables import rule_tables
from .tables import ReferenceTable, TableColumn

# danish_order.SORT_KEY_SQL as an expression: … z æ ø å.
_IN_DANISH_ORDER = Func(
    Replace(Lower("name"), Value("aa"), Value("å")), Value("åäöéü"), Value("ÿæøeu"), function="translate"
)


def _own_places(model: type[Institution] | type[HousingArea]) -> Any:
    def rows(actor: Actor) -> QuerySet[Any]:
        return model.objects.visible_to(actor).select_related("parish").order_by(_IN_DANISH_ORDER, "pk")

    return rows


def _parish(row: Any) -> str:
    return f"{row.parish.name} ({row.parish_id:04d})" if row.parish else "–"


def _institution_note(institution: Institution) -> str:
    if not institution.register_type:
        return ""
    return _(
        "Institutionen kommer fra institutionsregistret, hvor den står som »%(type)s«. Navn, type og adresse "
        "bliver skrevet over, næste gang registret indlæses."
    ) % {"type": institution.register_type}


def _state(institution: Institution) -> str:
    if institution.closed_on:
        return _("Lukket fra %(day)s") % {"day": date_da(institution.closed_on)}
    return _("Opdigtet") if institution.invented else _("Åben")


_PLACE_LABELS = {
    "name": gettext_lazy("Navn"),
    "municipality_id": gettext_lazy("Kommune"),
    "parish_id": gettext_lazy("Sogn"),
    "latitude": gettext_lazy("Breddegrad"),
    "longitude": gettext_lazy("Længdegrad"),
    "invented": gettext_lazy("Opdigtet"),
}


def registry_tables() -> list[ReferenceTable]:
    """Institutions, housing areas, deadlines, re-asking rules, programmes and target groups."""
    return [_institutions(), _housing_areas(), *rule_tables()]


def _institutions() -> ReferenceTable:
    return ReferenceTable(
        key="institutions",
        slug="institutioner",
        title=gettext_lazy("Institutioner"),
        lead=gettext_lazy("Skoler, plejehjem og arbejdspladser i kommunen. De bruges i tilslutning og pop-up-steder."),
        rows=_own_places(Institution),
        search=("name__icontains", "number__startswith", "address__icontains"),
        columns=(
            TableColumn(gettext_lazy("Nummer"), lambda row: row.number),
            TableColumn(gettext_lazy("Type"), lambda row: row.get_kind_display()),
            TableColumn(gettext_lazy("Adresse"), lambda row: row.address or "–"),
            TableColumn(gettext_lazy("Sogn"), _parish),
            TableColumn(gettext_lazy("Tilstand"), _state),
        ),
        resource=InstitutionResource,
        row_words=lambda row: row.name,
        empty=gettext_lazy("Indlæs institutionsregistret, eller opret en institution her."),
        model=Institution,
        form=InstitutionForm,
        row_parameter="institution_id",
        create_title=gettext_lazy("Opret institution"),
        note=_institution_note,
        labels={
            **_PLACE_LABELS,
            "number": gettext_lazy("Nummer"),
            "kind": gettext_lazy("Type"),
            "address": gettext_lazy("Adresse"),
            "register_type": gettext_lazy("Type i registret"),
            "closed_on": gettext_lazy("Lukket fra"),
        },
    )


def _housing_areas() -> ReferenceTable:
    return ReferenceTable(
        key="housing_areas",
        slug="boligomraader",
        title=gettext_lazy("Boligområder"),
        lead=gettext_lazy("Områder med egen tilslutning og egne pop-up-steder."),
        rows=_own_places(HousingArea),
        search=("name__icontains",),
        columns=(
            TableColumn(gettext_lazy("Sogn"), _parish),
            TableColumn(gettext_lazy("Tilstand"), lambda row: _("Opdigtet") if row.invented else _("I brug")),
        ),
        resource=HousingAreaResource,
        row_words=lambda row: row.name,
        empty=gettext_lazy("Opret de boligområder, I vil følge særskilt."),
        model=HousingArea,
        form=HousingAreaForm,
        row_parameter="housing_area_id",
        create_title=gettext_lazy("Opret boligområde"),
        labels=_PLACE_LABELS,
    )
