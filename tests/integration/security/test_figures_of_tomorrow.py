"""Figures dated in the future are refused: they would stand as the newest ones for every municipality."""

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import now
from outreach.errors import UserError
from registry.models import Programme
from reports.models import UptakeSnapshot
from reports.services.uptake_import import import_uptake
from tests.factories.cast import actor_with_role
from tests.factories.geography import HOEJE_TAASTRUP

pytestmark = pytest.mark.django_db
FILE = "Kommunekode;Kommune;Befolkning;Påbegyndt vaccinerede;Færdigvaccinerede\n183;Ishøj;23000;1;1\n"


def test_a_file_of_tomorrow_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tal.csv"
    path.write_text(FILE)
    moment = now()
    with data_context(actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)) as by, pytest.raises(UserError) as refusal:
        import_uptake(
            by=by,
            path=path,
            display_name="tal.csv",
            as_of=(moment + timedelta(days=2)).date(),
            programme=Programme.objects.get(code="covid-19"),
            municipality=None,
            now=moment,
        )
    assert refusal.value.code == "as_of_future"
    assert not UptakeSnapshot.objects.exists()
