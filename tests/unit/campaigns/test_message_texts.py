"""SS02, S1, S2: fields are filled or the text is refused; the texts we ship fit GSM-7 and say nothing of health."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.message_texts import first_name, municipality_title, render, require_sendable
from campaigns.models import MessageTemplate
from outreach.errors import UserError
from outreach.messaging.segments import count


def test_fields_are_substituted_and_values_are_no_templates() -> None:
    assert (
        render("Hej {fornavn} fra {kommune}", {"fornavn": "{kommune}", "kommune": "Ishøj"}) == "Hej {kommune} fra Ishøj"
    )


@pytest.mark.parametrize("fields", [{}, {"fornavn": ""}, {"fornavn": "  "}])
def test_a_missing_field_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(UserError) as refused:
        render("Hej {fornavn}", fields)
    assert refused.value.code == "template_field_missing"


@pytest.mark.parametrize("body", ["{cpr}", "{fornavn.__class__}", "{0}", "{}", "{fornavn!r}"])
def test_only_listed_fields_are_taken(body: str) -> None:
    with pytest.raises(UserError) as refused:
        render(body, {"fornavn": "Bo", "cpr": "x"})
    assert refused.value.code == "template_field_unknown"


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_no_field_is_ever_left_in_the_text(name: str) -> None:
    assert "{fornavn}" not in render("Hej {fornavn}.", {"fornavn": name.replace("{fornavn}", "") + "x"})


@pytest.mark.parametrize(
    ("name", "first"),
    [("Anne Marie Hansen", "Anne"), ("Hansen, Anne Marie", "Anne"), ("Hansen,", "Hansen"), ("", ""), ("  ", "")],
)
def test_first_name(name: str, first: str) -> None:
    assert first_name(name) == first


def test_titles() -> None:
    assert municipality_title(183, "Ishøj") == "Ishøj Kommune"
    assert municipality_title(101, "København") == "Københavns Kommune"


def test_health_text_and_unapproved_text_are_refused() -> None:
    for template, code in [
        (MessageTemplate(content_class="health"), "template_health"),
        (MessageTemplate(content_class="neutral"), "template_not_approved"),
    ]:
        with pytest.raises(UserError) as refused:
            require_sendable(template)
        assert refused.value.code == code


FIELDS = {
    "fornavn": "Søren",
    "navn": "Søren Holm",
    "kommune": "Ishøj Kommune",
    "telefon": "43 57 75 75",
    "tid": "tirsdag den 27. april kl. 16.00",
    "sted": "Vejleåparkens fælleshus",
}
# S1: what would tell that somebody is on a list, in the languages the texts come in.
HEALTH_WORDS = [
    *("vaccin", "vaksin", "covid", "corona", "korona", "smitte", "liste", "helbred", "sundhed", "influen", "lung"),
    *("health", "szczep", "chorob", "zdrow", "aşı", "sağlık", "hastalı", "tallaal", "caafimaad"),
    *("вакцин", "здоров", "щеплен", "تطعيم", "لقاح", "صح", "ویکسین", "صحت", "واکسن", "سلامت"),
]


@pytest.mark.django_db
def test_shipped_messages_are_neutral_and_the_approved_ones_fit_the_alphabet() -> None:
    templates = list(MessageTemplate.objects.all())
    assert {each.language for each in templates} == {"da", "en", "ar", "so", "tr", "ur", "pl", "uk", "fa"}
    for template in templates:
        body = render(template.body, FIELDS)
        size = count(body)
        assert size.segments <= 4, template
        assert template.content_class in ("neutral", "appointment")
        assert not [word for word in HEALTH_WORDS if word in body.casefold()], template
        if template.language in ("da", "en"):
            assert (size.encoding, size.segments <= 2) == ("GSM-7", True), template
            assert template.approved_at is not None
        else:
            assert template.approved_at is None


@pytest.mark.django_db
def test_every_language_has_every_message_with_the_same_fields_as_the_danish() -> None:
    import re

    fields: dict[str, dict[str, set[str]]] = {}
    for template in MessageTemplate.objects.all():
        fields.setdefault(template.code, {})[template.language] = set(re.findall(r"{\w+}", template.body))
    for code, by_language in fields.items():
        assert set(by_language) == {"da", "en", "ar", "so", "tr", "ur", "pl", "uk", "fa"}, code
        for language, found in by_language.items():
            assert found == by_language["da"], (code, language)
