"""Values no browser sends on its own get an ordinary answer, never a fault (F-cases of bad input)."""

import pytest

from outreach.access.roles import Role
from outreach.clock.services import now
from tests.factories.cast import client_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.world import world_in

pytestmark = pytest.mark.django_db
CPR = "7110390001"


@pytest.mark.parametrize(
    "posted",
    [
        {"row-1": "import-" + "9" * 5000},
        {"row-" + "9" * 500: "skip"},
        {"problem_code": "\0", "decision": "skip"},
        {"problem_code": "cpr\0", "decision": "skip"},
    ],
)
def test_choices_that_no_page_offers(posted):
    found = world_in(ISHOEJ, now(), CPR)
    answer = client_with_role(Role.LIST_ADMIN).post(f"/lister/{found.list_id}/valg/", posted)
    assert answer.status_code == 302


@pytest.mark.parametrize("day", ["31.12.9999", "01.01.0001"])
def test_days_at_the_ends_of_the_calendar(day):
    auditor = client_with_role(Role.AUDITOR)
    assert auditor.get("/adgangslog/", {"to_day": day}).status_code == 200
    assert auditor.get("/adgangslog/", {"from_day": day}).status_code == 200


@pytest.mark.parametrize("day", ["31.12.9999", "01.01.0001"])
def test_a_call_agreed_at_the_end_of_the_calendar_is_refused(day):
    found = world_in(ISHOEJ, now(), CPR)
    caller = client_with_role(Role.CASEWORKER)
    caller.post(f"/opkald/{found.task_id}/tag/")
    posted = {"outcome": "call_back", "call_back_on": day, "call_back_time": "12.00"}
    assert caller.post(f"/opkald/{found.task_id}/gem/", posted).status_code == 422
