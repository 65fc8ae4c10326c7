"""The registry's rules as files: deadlines, when to ask again, programmes, target groups."""

from __future__ import annotations

from typing import Any, ClassVar

from import_export.fields import Field

from ..forms.reference_data import check_days
from ..forms.reference_rules import check_group, check_reask
from ..models import ClosedReason, DeadlineRule, GroupKind, Outcome, Programme, ReaskRule, TargetGroup
from ..selectors.reask import REASK_TABLE
from .cells import ChoiceCell, CodeCell, DayCell, TextCell, WholeCell, YearsCell, YesNoCell
from .rows import ReferenceResource, RowMeta, municipality_field

PROGRAMME, ANSWER = "Program", "Svar"


def _cell(column: str, attribute: str, widget: Any) -> Field:
    return Field(column_name=column, attribute=attribute, widget=widget)


class DeadlineRuleResource(ReferenceResource):
    """Deadlines, one row per programme (K3): a municipality's own, or the common ones."""

    table = "deadline_rules"
    programme = _cell(PROGRAMME, "programme", CodeCell(Programme))
    first_contact_days = _cell("Arbejdsdage til første kontakt", "first_contact_days", WholeCell())
    answer_days = _cell("Arbejdsdage til svar", "answer_days", WholeCell())
    municipality = municipality_field()

    class Meta(RowMeta):
        model = DeadlineRule
        import_id_fields = ("programme",)
        fields: ClassVar = ("programme", "first_contact_days", "answer_days", "municipality")

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        check_days(instance.first_contact_days, instance.answer_days)


class ReaskRuleResource(ReferenceResource):
    """When somebody is asked again (L7, L8), by why the follow-up was closed, the answer and the programme."""

    table = REASK_TABLE
    blank = frozenset({PROGRAMME, ANSWER})
    closed_reason = _cell("Afsluttet fordi", "closed_reason", ChoiceCell(ClosedReason))
    outcome = _cell(ANSWER, "outcome", ChoiceCell(Outcome, all_of_them=True))
    programme = _cell(PROGRAMME, "programme", CodeCell(Programme, all_of_them=True))
    when_listed = _cell("Når en liste nævner borgeren", "when_listed", YesNoCell())
    when_other_group = _cell("I en ny målgruppe", "when_other_group", YesNoCell())
    when_new_programme = _cell("I et nyt program", "when_new_programme", YesNoCell())
    after_days = _cell("Efter dage", "after_days", WholeCell(optional=True))
    municipality = municipality_field()

    class Meta(RowMeta):
        model = ReaskRule
        import_id_fields = ("closed_reason", "outcome", "programme")
        fields: ClassVar = (
            "closed_reason", "outcome", "programme", "when_listed", "when_other_group", "when_new_programme",
            "after_days", "municipality",
        )  # fmt: skip

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        if not self.is_common:
            check_reask(instance.closed_reason, instance.outcome, instance.after_days)


class ProgrammeResource(ReferenceResource):
    """Programmes, which are everybody's."""

    table = "programmes"
    code = _cell("Kode", "code", TextCell())
    name = _cell("Navn", "name", TextCell())
    active = _cell("I brug", "active", YesNoCell())

    class Meta(RowMeta):
        model = Programme
        import_id_fields = ("code",)
        fields: ClassVar = ("code", "name", "active")


class TargetGroupResource(ReferenceResource):
    """Target groups, which are everybody's (C7, K3)."""

    table = "target_groups"
    programme = _cell(PROGRAMME, "programme", CodeCell(Programme))
    code = _cell("Målgruppe", "code", TextCell())
    name = _cell("Navn", "name", TextCell())
    order = _cell("Rækkefølge", "order", WholeCell())
    kind = _cell("Afgrænses af", "kind", ChoiceCell(GroupKind))
    birth_years = _cell("Årgange", "birth_years", YearsCell())
    valid_from = _cell("Gælder fra", "valid_from", DayCell())
    valid_to = _cell("Gælder til", "valid_to", DayCell())
    mandatory_from = _cell("Pligt fra", "mandatory_from", DayCell())
    mandatory_to = _cell("Pligt til", "mandatory_to", DayCell())

    class Meta(RowMeta):
        model = TargetGroup
        import_id_fields = ("programme", "code", "valid_from")
        fields: ClassVar = (
            "programme", "code", "name", "order", "kind", "birth_years", "valid_from", "valid_to", "mandatory_from",
            "mandatory_to",
        )  # fmt: skip

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        check_group(instance)
