"""A row of data taken for a header leaves no CPR number with the list, whose table has no row security (A4)."""

import io

import pytest

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.clock.services import now
from registry.imports.lists import advance
from registry.models import Municipality, NonresponderList, Programme
from registry.services.lists import receive_list
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("number", ["7110390001", "711039-0001", "711039 - 0001", "711039001"])
def test_numbers_are_no_names_of_columns(number):
    with data_context(actor_with_role(Role.LIST_ADMIN, username="uploader")) as by:
        received = receive_list(
            by=by,
            municipality=Municipality.objects.get(code=ISHOEJ),
            programme=Programme.objects.get(code="covid-19"),
            as_of=now().date(),
            waiting_days=22,
            groups=[],
            order=None,
            file=io.BytesIO(f"CPR-nummer;{number};Aase;7\n7110390002;7110390003;Bo;7\n".encode()),
            display_name="liste.csv",
            now=now(),
        )
    advance(received.pk, now=now())
    found = NonresponderList.objects.get(pk=received.pk)
    assert found.waits_for == "mapping"
    assert found.header == ["CPR-nummer", "", "Aase", "7"]
    page = client_with_role(Role.LIST_ADMIN).get(f"/lister/{found.pk}/").content.decode()
    assert number not in page
