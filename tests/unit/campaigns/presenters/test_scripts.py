"""The script's fields are filled in, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import CallScript
from campaigns.presenters.languages import direction, language_name
from campaigns.presenters.scripts import fill, script_view
from registry.models import Programme


def test_known_fields_are_filled_and_unknown_stay_readable():
    assert fill("Hej {citizen}, {sted}", {"citizen": "Aase"}) == "Hej Aase, {sted}"


def test_a_name_that_looks_like_a_field_is_not_filled_again():
    assert fill("{citizen}", {"citizen": "{caller}", "caller": "Mette"}) == "{caller}"


@given(st.text())
def test_filling_never_fails(text):
    assert isinstance(fill(text, {"citizen": "Aase"}), str)


def test_a_script_in_arabic_is_written_from_the_right():
    script = CallScript(language="ar", opening=["{caller}: {programme}"], answers=[{"worry": "w", "answer": "a"}])
    view = script_view(Programme(name="Covid-19"), script, {"caller": "Mette"})
    assert (view.direction, view.language, view.lines) == ("rtl", "arabisk", ["Mette: Covid-19"])
    assert [(each.worry, each.answer) for each in view.worries] == [("w", "a")]


@pytest.mark.parametrize(
    ("code", "name", "way"), [("tr", "tyrkisk", "ltr"), ("ur", "urdu", "rtl"), ("xx", "xx", "ltr")]
)
def test_languages(code, name, way):
    assert (language_name(code), direction(code)) == (name, way)
