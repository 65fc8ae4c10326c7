"""The forms of the registry's rules: when to ask again, programmes, target groups; and what such rows may say."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.design.fields import DanishDateField
from outreach.design.formats import number_da

from ..birth_years import birth_year_words, years_of
from ..models import ClosedReason, GroupKind, Outcome, Programme, ReaskRule, TargetGroup
from .reference_data import ReferenceForm

LONGEST_REST = 3650
# Nobody's own rule brings these back: the dead and disappeared are the registry's, and the wish to be left alone holds.
NEVER_OWN = (ClosedReason.STATUS, ClosedReason.DO_NOT_CONTACT)
NEVER_ANSWERS = (Outcome.DECEASED, Outcome.DO_NOT_CONTACT)


def check_reask(closed_reason: str, outcome: str, after_days: int | None) -> None:
    """Raise ValidationError for a rule that no municipality makes, or a time that is none (L8, C3)."""
    if closed_reason in NEVER_OWN or outcome in NEVER_ANSWERS:
        raise ValidationError(
            _("Den, der er død eller har bedt om ikke at blive kontaktet, spørges ikke igen på grund af en liste.")
        )
    if after_days is not None and not 1 <= after_days <= LONGEST_REST:
        sentence = _("Skriv et antal dage mellem 1 og %(most)s, eller ingenting.") % {"most": number_da(LONGEST_REST)}
        raise ValidationError({"after_days": sentence})


def check_group(group: TargetGroup) -> None:
    """Raise ValidationError for a period that ends before it begins, or years that the kind of group has not (C7)."""
    if group.valid_from is None:
        raise ValidationError(_("Skriv, hvilken dag målgruppen gælder fra."))
    for first, last in ((group.valid_from, group.valid_to), (group.mandatory_from, group.mandatory_to)):
        if last is not None and (first is None or last < first):
            raise ValidationError(_("En periode skal have en første dag, og den kan ikke ligge efter den sidste."))
    if bool(group.birth_years) != (group.kind == GroupKind.BIRTH_YEARS):
        raise ValidationError(_("Skriv årgange, når målgruppen afgrænses af årgange, og ellers ikke."))


class ReaskRuleForm(ReferenceForm):
    """The municipality's own rule: it goes before the common one of the same reason and answer (L8)."""

    programme = forms.ModelChoiceField(
        Programme.objects.filter(active=True).order_by("name"),
        label=gettext_lazy("Program"),
        required=False,
        empty_label=gettext_lazy("Alle programmer"),
    )
    closed_reason = forms.ChoiceField(
        label=gettext_lazy("Afsluttet fordi"),
        choices=[each for each in ClosedReason.choices if each[0] not in NEVER_OWN],
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Svar"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle svar")),
            *(each for each in Outcome.choices if each[0] not in NEVER_ANSWERS),
        ],
    )

    class Meta:
        model = ReaskRule
        fields: ClassVar = [
            "closed_reason", "outcome", "programme", "when_listed", "when_other_group", "when_new_programme",
            "after_days",
        ]  # fmt: skip
        labels: ClassVar = {
            "when_listed": gettext_lazy("Spørg igen, så snart en liste nævner borgeren"),
            "when_other_group": gettext_lazy("Spørg igen, når borgeren kommer i en ny målgruppe"),
            "when_new_programme": gettext_lazy("Spørg, når borgeren står på en liste i et nyt program"),
            "after_days": gettext_lazy("Spørg igen efter så mange dage"),
        }
        help_texts: ClassVar = {"after_days": gettext_lazy("Tomt felt: aldrig på grund af tiden alene")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for name in ("programme", "closed_reason", "outcome"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """A rule that may be made, and one of its kind."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        check_reask(cleaned["closed_reason"], cleaned["outcome"], cleaned.get("after_days"))
        same = {name: cleaned.get(name) for name in ("programme", "closed_reason", "outcome")}
        own = ReaskRule.objects.filter(municipality=self.instance.municipality_id, **same)
        if own.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("I har allerede jeres egen regel for det. Ret den i stedet."))
        return cleaned


class ProgrammeForm(ReferenceForm):
    """A programme's name, and whether new lists, cases and selections can name it."""

    class Meta:
        model = Programme
        fields: ClassVar = ["name", "active"]
        labels: ClassVar = {"name": gettext_lazy("Navn"), "active": gettext_lazy("I brug")}
        help_texts: ClassVar = {
            "active": gettext_lazy(
                "Nye lister, sager og udvalg kan kun gælde programmer i brug. Det, der er i gang, fortsætter."
            )
        }


class TargetGroupForm(ReferenceForm):
    """A target group: whom it covers, when it holds, and from when there is a duty (C7, K3)."""

    code = forms.CharField(
        label=gettext_lazy("Målgruppe"),
        max_length=10,
        validators=[RegexValidator(r"^[0-9]{1,3}[A-Z0-9]*$", gettext_lazy("Skriv målgruppen som 8, 10A eller 10D1."))],
    )
    birth_years = forms.CharField(
        label=gettext_lazy("Årgange"), required=False, help_text=gettext_lazy("Som 1972-1976, til 1936")
    )
    valid_from = DanishDateField(label=gettext_lazy("Gælder fra"))
    valid_to = DanishDateField(label=gettext_lazy("Gælder til"), required=False)
    mandatory_from = DanishDateField(label=gettext_lazy("Pligt fra"), required=False)
    mandatory_to = DanishDateField(label=gettext_lazy("Pligt til"), required=False)

    class Meta:
        model = TargetGroup
        fields: ClassVar = [
            "programme", "code", "name", "order", "kind", "birth_years", "valid_from", "valid_to", "mandatory_from",
            "mandatory_to",
        ]  # fmt: skip
        labels: ClassVar = {
            "programme": gettext_lazy("Program"),
            "name": gettext_lazy("Navn"),
            "order": gettext_lazy("Rækkefølge"),
            "kind": gettext_lazy("Afgrænses af"),
        }
        help_texts: ClassVar = {
            "order": gettext_lazy("En borger tælles i den målgruppe, der har det laveste tal"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["birth_years"] = birth_year_words(self.instance.birth_years)
        if self.instance.pk is not None:
            for name in ("programme", "code", "valid_from"):
                self.fields[name].disabled = True

    def clean_birth_years(self) -> list[int]:
        """Pairs of years."""
        try:
            return years_of(self.cleaned_data["birth_years"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                check_group(self.instance)
            except ValidationError as error:
                self.add_error(None, error)
