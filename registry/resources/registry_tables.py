"""The registry's tables on the pages of reference data."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, Q, QuerySet, Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.access.actor import Actor
from outreach.design.formats import date_da, number_da

from ..forms.reference_data import DeadlineRuleForm, HousingAreaForm, InstitutionForm
from ..models import DeadlineRule, HousingArea, Institution, TargetGroup
from .registry_resources import (
    DeadlineRuleResource,
    HousingAreaResource,
    InstitutionResource,
    TargetGroupResource,
    birth_year_words,
)
from .tables import ReferenceTable, TableColumn

# danish_order.SORT_KEY_SQL as an expression: … z æ ø å.
_IN_DANISH_ORDER = Func(
    Replace(Lower("name"), Value("aa"), Value("å")), Value("åäöéü"), Value("ÿæøeu"), function="translate"
)


def _own_places(model: type[Institution] | type[HousingArea]) -> Any:
    def rows(actor: Actor) -> QuerySet[Any]:
        return model.objects.visible_to(actor).select_related("parish").order_by(_IN_DANISH_ORDER, "pk")

    return rows


def _deadline_rules(actor: Actor) -> QuerySet[DeadlineRule]:
    rules = DeadlineRule.objects.filter(Q(municipality=None) | Q(municipality__in=actor.municipality_codes))
    return rules.select_related("programme").order_by("programme__name", "municipality")


def _target_groups(_actor: Actor) -> QuerySet[TargetGroup]:
    return TargetGroup.objects.select_related("programme").order_by("programme__name", "order", "valid_from")


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


def _period(first: Any, last: Any) -> str:
    if not first:
        return "–"
    return f"{date_da(first)} – {date_da(last)}" if last else _("fra %(day)s") % {"day": date_da(first)}


_PLACE_LABELS = {
    "name": gettext_lazy("Navn"),
    "municipality_id": gettext_lazy("Kommune"),
    "parish_id": gettext_lazy("Sogn"),
    "latitude": gettext_lazy("Breddegrad"),
    "longitude": gettext_lazy("Længdegrad"),
    "invented": gettext_lazy("Opdigtet"),
}


def registry_tables() -> list[ReferenceTable]:
    """Institutions, housing areas, deadlines and target groups."""
    return [_institutions(), _housing_areas(), _deadlines(), _groups()]


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


def _deadlines() -> ReferenceTable:
    return ReferenceTable(
        key="deadline_rules",
        slug="frister",
        title=gettext_lazy("Frister"),
        lead=gettext_lazy(
            "Arbejdsdage fra en liste er modtaget. De fælles frister gælder, hvor I ikke har jeres egne."
        ),
        rows=_deadline_rules,
        search=("programme__name__icontains",),
        columns=(
            TableColumn(gettext_lazy("Gælder"), lambda row: _("Jeres egne") if row.municipality_id else _("Fælles")),
            TableColumn(gettext_lazy("Første kontakt"), lambda row: _days(row.first_contact_days)),
            TableColumn(gettext_lazy("Svar"), lambda row: _days(row.answer_days)),
        ),
        resource=DeadlineRuleResource,
        row_words=lambda row: row.programme.name,
        empty=gettext_lazy("Opret jeres egne frister for et program."),
        model=DeadlineRule,
        form=DeadlineRuleForm,
        row_parameter="deadline_rule_id",
        may_edit=lambda row: row.municipality_id is not None,
        create_title=gettext_lazy("Opret egne frister"),
        labels={
            "programme_id": gettext_lazy("Program"),
            "municipality_id": gettext_lazy("Kommune"),
            "first_contact_days": gettext_lazy("Arbejdsdage til første kontakt"),
            "answer_days": gettext_lazy("Arbejdsdage til svar"),
        },
    )


def _groups() -> ReferenceTable:
    return ReferenceTable(
        key="target_groups",
        slug="maalgrupper",
        title=gettext_lazy("Målgrupper"),
        lead=gettext_lazy("Fælles for hele landet. De ændres af driften, når SST ændrer dem."),
        rows=_target_groups,
        search=("code__iexact", "name__icontains", "programme__name__icontains"),
        columns=(
            TableColumn(gettext_lazy("Program"), lambda row: row.programme.name),
            TableColumn(gettext_lazy("Gruppe"), lambda row: row.code),
            TableColumn(gettext_lazy("Årgange"), lambda row: birth_year_words(row.birth_years) or "–"),
            TableColumn(gettext_lazy("Gælder"), lambda row: _period(row.valid_from, row.valid_to)),
            TableColumn(gettext_lazy("Pligt"), lambda row: _period(row.mandatory_from, row.mandatory_to)),
        ),
        resource=TargetGroupResource,
        row_words=lambda row: row.name,
        empty=gettext_lazy("Målgrupper følger med programmet."),
        model=TargetGroup,
    )


def _days(days: int) -> str:
    return ngettext("%(number)s arbejdsdag", "%(number)s arbejdsdage", days) % {"number": number_da(days)}
