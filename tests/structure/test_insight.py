"""What a citizen gets when they ask is everything there is about them: no table can be forgotten (A3)."""

from django.apps import apps

from campaigns.insight_titles import NOT_BY_CITIZEN, TITLES
from campaigns.selectors.insight import path_to_citizen
from outreach.privacy.classification import personal_models


def test_every_table_about_citizens_is_in_the_file_or_left_out_with_a_reason() -> None:
    tables = {f"{model._meta.app_label}.{model.__name__}" for model in personal_models()}
    assert tables - TITLES.keys() - NOT_BY_CITIZEN == set()
    assert TITLES.keys() - tables == set()
    assert not TITLES.keys() & NOT_BY_CITIZEN


def test_every_table_in_the_file_is_reached_from_the_citizen() -> None:
    # An opt-out is a number's, not a citizen's: it is found by the citizen's numbers.
    by_key = TITLES.keys() - {"campaigns.OptOut"}
    assert [label for label in sorted(by_key) if not path_to_citizen(apps.get_model(label))] == []
