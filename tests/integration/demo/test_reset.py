"""Emptying the demo takes what was made in it, and leaves what migrations loaded."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connections

from campaigns.models import LetterText, MessageTemplate
from outreach.clock.services import set_demo_clock
from outreach.demo.cast import make_cast
from outreach.demo.reset import reset_demo
from tests.factories.campaigns import NOW
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
# Every installation has its own log and clock; a migration loads neither.
LIVES_BY_ITSELF = {"clock.storedclock", "audit.accessevent"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> None:
    """Keep the demo's files out of the data folder."""
    settings.VAR = tmp_path  # type: ignore[attr-defined]


def test_an_emptied_demo_has_what_a_new_installation_has() -> None:
    new = _rows()
    assert new["campaigns.lettertext"] == 14
    make_cast([ISHOEJ])
    set_demo_clock(NOW)
    MessageTemplate.objects.create(municipality_id=ISHOEJ, code="please_call", body="Ring", content_class="neutral")
    LetterText.objects.create(municipality_id=ISHOEJ, code="contact", title="Ring", body="Ring")
    reset_demo()
    assert _rows() == new


def _rows() -> dict[str, int]:
    counted = {}
    with connections["owner"].cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.label_lower not in LIVES_BY_ITSELF:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                counted[model._meta.label_lower] = cursor.fetchone()[0]
    return {label: number for label, number in counted.items() if number}
