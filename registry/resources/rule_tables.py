"""The registry's rules on the pages of reference data: deadlines, when to ask again, programmes, target groups."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.access.actor import Actor
from outreach.design.formats import date_da, number_da

from ..birth_years import birth_year_words
from ..forms.reference_data import DeadlineRuleForm
from ..forms.reference_rules import ProgrammeForm, ReaskRuleForm, TargetGroupForm
from ..models import DeadlineRule, Programme, ReaskRule, TargetGroup
from ..selectors.reask import REASK_TABLE
from .rule_resources import DeadlineRuleResource, ProgrammeResource, ReaskRuleResource, TargetGroupResource
from .tables import ReferenceTable, TableColumn


def rule_tables() -> list[ReferenceTable]:
    """Deadlines, re-asking rules, programmes and target groups."""
    return [_deadlines(), _reasking(), _programmes(), _groups()]


def _own_and_common(model: type[DeadlineRule] | type[ReaskRule], *order: str) -> Any:
    def rows(actor: Actor) -> QuerySet[Any]:
        visible = Q(municipality=None) | Q(municipality__in=actor.municipality_codes)
        return model._base_manager.filter(visible).select_related("programme").order_by(*order)

    return rows


def _is_own(row: Any) -> bool:
    return row.municipality_id is not None


def _whose(row: Any) -> str:
    return _("Jeres egen") if _is_own(row) else _("Fælles")


def _deadlines() -> ReferenceTable:
    return ReferenceTable(
        key="deadline_rules",
        slug="frister",
        title=gettext_lazy("Frister"),
        lead=gettext_lazy(
            "Arbejdsdage fra en liste er modtaget. De fælles frister gælder, hvor I ikke har jeres egne."
        ),
        rows=_own_and_common(DeadlineRule, "programme__name", "municipality"),
        search=("programme__name__icontains",),
        columns=(
            TableColumn(gettext_lazy("Gælder"), lambda row: _("Jeres egne") if _is_own(row) else _("Fælles")),
            TableColumn(gettext_lazy("Første kontakt"), lambda row: _working_days(row.first_contact_days)),
            TableColumn(gettext_lazy("Svar"), lambda row: _working_days(row.answer_days)),
        ),
        resource=DeadlineRuleResource,
        row_words=lambda row: row.programme.name,
        words_title=gettext_lazy("Program"),
        empty=gettext_lazy("Opret jeres egne frister for et program."),
        model=DeadlineRule,
        form=DeadlineRuleForm,
        row_parameter="deadline_rule_id",
        may_edit=_is_own,
        create_title=gettext_lazy("Opret egne frister"),
        labels={
            "programme_id": gettext_lazy("Program"),
            "municipality_id": gettext_lazy("Kommune"),
            "first_contact_days": gettext_lazy("Arbejdsdage til første kontakt"),
            "answer_days": gettext_lazy("Arbejdsdage til svar"),
        },
    )


def _reasking() -> ReferenceTable:
    return ReferenceTable(
        key=REASK_TABLE,
        slug="spoerg-igen",
        title=gettext_lazy("Spørg igen"),
        lead=gettext_lazy(
            "Hvornår en borger, hvis forløb er afsluttet, spørges igen. Jeres egen regel går forud for den fælles. "
            "En liste, der venter på godkendelse, sammenholdes på ny, når en regel ændres."
        ),
        rows=_own_and_common(ReaskRule, "closed_reason", "outcome", "programme__name", "municipality"),
        search=(),
        columns=(
            TableColumn(gettext_lazy("Svar"), lambda row: row.get_outcome_display() if row.outcome else _("alle svar")),
            TableColumn(gettext_lazy("Program"), lambda row: row.programme.name if row.programme else _("alle")),
            TableColumn(gettext_lazy("Gælder"), _whose),
            TableColumn(gettext_lazy("Spørges igen"), _when_asked_again),
        ),
        resource=ReaskRuleResource,
        row_words=lambda row: row.get_closed_reason_display(),
        words_title=gettext_lazy("Afsluttet fordi"),
        empty=gettext_lazy("Uden en regel spørges ingen igen."),
        model=ReaskRule,
        form=ReaskRuleForm,
        row_parameter="reask_rule_id",
        may_edit=_is_own,
        create_title=gettext_lazy("Opret egen regel"),
        labels={
            "programme_id": gettext_lazy("Program"),
            "municipality_id": gettext_lazy("Kommune"),
            "closed_reason": gettext_lazy("Afsluttet fordi"),
            "outcome": gettext_lazy("Svar"),
            "when_listed": gettext_lazy("Når en liste nævner borgeren"),
            "when_other_group": gettext_lazy("I en ny målgruppe"),
            "when_new_programme": gettext_lazy("I et nyt program"),
            "after_days": gettext_lazy("Efter dage"),
        },
    )


def _programmes() -> ReferenceTable:
    return ReferenceTable(
        key="programmes",
        slug="programmer",
        title=gettext_lazy("Programmer"),
        lead=gettext_lazy("Fælles for alle kommuner her. Nye lister kan kun nævne programmer i brug."),
        rows=lambda _actor: Programme.objects.order_by("name"),
        search=("name__icontains", "code__icontains"),
        columns=(
            TableColumn(gettext_lazy("Kode"), lambda row: row.code),
            TableColumn(gettext_lazy("Tilstand"), lambda row: _("I brug") if row.active else _("Ikke i brug")),
        ),
        resource=ProgrammeResource,
        row_words=lambda row: row.name,
        empty=gettext_lazy("Programmer følger med installationen."),
        model=Programme,
        form=ProgrammeForm,
        row_parameter="programme_id",
        labels={"code": gettext_lazy("Kode"), "name": gettext_lazy("Navn"), "active": gettext_lazy("I brug")},
        national=True,
    )


def _groups() -> ReferenceTable:
    return ReferenceTable(
        key="target_groups",
        slug="maalgrupper",
        title=gettext_lazy("Målgrupper"),
        lead=gettext_lazy("Fælles for hele landet: hvem de omfatter, og fra hvornår der er pligt til at følge op."),
        rows=lambda _actor: TargetGroup.objects.select_related("programme").order_by(
            "programme__name", "order", "valid_from"
        ),
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
        form=TargetGroupForm,
        row_parameter="target_group_id",
        create_title=gettext_lazy("Opret målgruppe"),
        labels={
            "programme_id": gettext_lazy("Program"),
            "code": gettext_lazy("Målgruppe"),
            "name": gettext_lazy("Navn"),
            "order": gettext_lazy("Rækkefølge"),
            "kind": gettext_lazy("Afgrænses af"),
            "birth_years": gettext_lazy("Årgange"),
            "valid_from": gettext_lazy("Gælder fra"),
            "valid_to": gettext_lazy("Gælder til"),
            "mandatory_from": gettext_lazy("Pligt fra"),
            "mandatory_to": gettext_lazy("Pligt til"),
        },
        national=True,
    )


def _when_asked_again(rule: ReaskRule) -> str:
    ways = [
        _("når en liste nævner borgeren") if rule.when_listed else "",
        _("i en ny målgruppe") if rule.when_other_group else "",
        _days_later(rule.after_days) if rule.after_days else "",
        _("i et nyt program") if rule.when_new_programme else "",
    ]
    return ", ".join(filter(None, ways)) or _("aldrig")


def _days_later(days: int) -> str:
    return ngettext("efter %(number)s dag", "efter %(number)s dage", days) % {"number": number_da(days)}


def _working_days(days: int) -> str:
    return ngettext("%(number)s arbejdsdag", "%(number)s arbejdsdage", days) % {"number": number_da(days)}


def _period(first: Any, last: Any) -> str:
    if not first:
        return "–"
    return f"{date_da(first)} – {date_da(last)}" if last else _("fra %(day)s") % {"day": date_da(first)}
