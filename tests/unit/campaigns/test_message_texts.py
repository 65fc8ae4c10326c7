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


@pytest.mark.django_db
def test_shipped_messages_are_neutral_and_fit_the_alphabet() -> None:
    fields = {"fornavn": "Søren", "kommune": "Ishøj Kommune", "telefon": "43 57 75 75"}
    for template in MessageTemplate.objects.all():
        body = render(template.body, fields)
        size = count(body)
        assert (size.encoding, size.segments <= 2, template.content_class) == ("GSM-7", True, "neutral")
        assert not any(word in body.casefold() for word in ("vaccin", "covid", "corona", "smitte", "liste"))
