"""Forms in DKFDS markup: classes, hints, errors and the links between them."""

import datetime as dt

import pytest
from django import forms

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.design.templatetags.design import ErrorLink, error_links
from outreach.design.widgets import ButtonChoice, FileDrop

from .conftest import Draw

OUTCOMES = [
    ("Truffet", [("declined", "Ønsker ikke"), ("undecided", "I tvivl")]),
    ("Ikke truffet", [("busy", "Optaget")]),
]


class EverythingForm(forms.Form):
    name = forms.CharField(label="Navn", help_text="Som i CPR")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "wide"}))
    programme = forms.ChoiceField(label="Program", choices=[("covid-19", "covid-19")])
    kind = forms.ChoiceField(label="Slags", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    groups = forms.MultipleChoiceField(label="Målgrupper", choices=[("1", "1")], widget=forms.CheckboxSelectMultiple)
    seen = forms.BooleanField(label="Jeg har set den")
    file = forms.FileField(label="Fil", widget=FileDrop(hint="XLSX, højst 50 MB"))
    day = DanishDateField(label="Opgjort den")
    outcome = forms.ChoiceField(label="Svar", choices=OUTCOMES, widget=ButtonChoice(hotkeys={"busy": "e"}))
    step = forms.CharField(widget=forms.HiddenInput, initial="1")

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("Filen og programmet passer ikke sammen.")


def test_widgets_get_the_design_systems_classes(draw: Draw) -> None:
    html = draw("{{ form }}", form=EverythingForm())
    assert 'class="form-input"' in html
    assert 'class="wide form-input"' in html
    assert "form-select" in html
    assert html.count('class="form-radio"') == 2
    assert html.count('class="form-checkbox"') == 2
    assert "drop-zone" in html
    assert "XLSX, højst 50 MB" in html
    assert 'type="hidden"' in html


def test_label_hint_and_field_belong_together(draw: Draw) -> None:
    html = draw("{{ form.name.as_field_group }}", form=EverythingForm())
    assert '<label class="form-label" for="id_name">Navn' in html
    assert '<span class="form-hint" id="id_name_helptext">Som i CPR</span>' in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_optional_fields_say_so_unless_the_form_is_a_filter(draw: Draw) -> None:
    class Filter(EverythingForm):
        marks_optional = False

    assert "(frivilligt)" in draw("{{ form.note.as_field_group }}", form=EverythingForm())
    assert "(frivilligt)" not in draw("{{ form.note.as_field_group }}", form=Filter())


def test_groups_of_controls_stand_in_a_fieldset(draw: Draw) -> None:
    html = draw("{{ form.kind.as_field_group }}", form=EverythingForm())
    assert '<legend class="form-label">Slags' in html
    assert '<label for="id_kind_1">B</label>' in html


def test_errors_stand_at_the_field_and_in_a_linked_summary(draw: Draw) -> None:
    html = draw("{{ form }}", form=EverythingForm({"day": "40.4.2021", "step": "1"}))
    assert 'role="alert"' in html
    assert "<li>Filen og programmet passer ikke sammen.</li>" in html
    assert '<a href="#id_name">Navn: Udfyld feltet.</a>' in html
    assert '<a href="#id_kind_0">Slags: Udfyld feltet.</a>' in html
    assert '<a href="#id_outcome_0_0">Svar: Udfyld feltet.</a>' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Skriv datoen som dag, måned og år, fx 21.04.2021." in html


def test_every_target_of_the_summary_exists(draw: Draw) -> None:
    form = EverythingForm({"step": "1"})
    html = draw("{{ form }}", form=form)
    for link in error_links(form):
        assert not link.target or f'id="{link.target}"' in html


def test_a_form_without_errors_has_no_summary(draw: Draw) -> None:
    assert error_links(None) == []
    assert "error-summary" not in draw('<c-error-summary :form="form" />', form=EverythingForm())


def test_error_link_names_the_field() -> None:
    class Short(forms.Form):
        name = forms.CharField(label="Navn", max_length=2)

    assert error_links(Short({"name": ""})) == [ErrorLink("Navn: Udfyld feltet.", "id_name")]


def test_button_choice_groups_options_and_shows_keys(draw: Draw) -> None:
    html = draw("{{ form.outcome }}", form=EverythingForm(initial={"outcome": "undecided"}))
    assert html.count("<fieldset") == 2
    assert "<legend>Ikke truffet</legend>" in html
    assert 'data-hotkey="e"' in html
    assert '<kbd aria-hidden="true">e</kbd>' in html
    assert 'id="id_outcome_0_1" checked' in html


def test_button_choice_without_groups_is_one_block(draw: Draw) -> None:
    class Decision(forms.Form):
        decision = forms.ChoiceField(
            choices=[("same", "Samme"), ("other", "Anden")], widget=ButtonChoice(layout="stacked")
        )

    html = draw("{{ form.decision }}", form=Decision())
    assert html.count("choices__grid") == 1
    assert "choices--stacked" in html


@pytest.mark.parametrize("typed", ["21.04.2021", "21-4-2021", "21/04/2021", "210421", "21042021", "2021-04-21"])
def test_dates_are_read_as_danes_type_them(typed: str) -> None:
    assert DanishDateField().clean(typed) == dt.date(2021, 4, 21)


def test_date_is_shown_as_it_is_typed() -> None:
    class When(forms.Form):
        day = DanishDateField()

    assert 'value="21.04.2021"' in str(When(initial={"day": dt.date(2021, 4, 21)})["day"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9.14", (9, 14)),
        ("09:14", (9, 14)),
        ("0914", (9, 14)),
        ("214", (2, 14)),
        ("9", (9, 0)),
        ("14", (14, 0)),
    ],
)
def test_times_are_read_as_danes_type_them(typed: str, read: tuple[int, int]) -> None:
    assert DanishTimeField().clean(typed) == dt.time(*read)


@pytest.mark.parametrize(("field", "typed"), [(DanishDateField(), "31.02.2021"), (DanishTimeField(), "25.00")])
def test_what_is_no_date_or_time_is_explained(field: forms.Field, typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="fx"):
        field.clean(typed)
