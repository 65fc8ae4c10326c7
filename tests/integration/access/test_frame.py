"""The frame around every page, and what guards it: session limits, role switch, denials, pages that do not exist."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.access.data_context import NestedDataContextError, data_context
from outreach.access.middleware import ABSOLUTE_LIMIT, IDLE_LIMIT
from outreach.access.models import Membership
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.models import Citizen
from tests.factories.cast import actor_with_role, client_with_role, organisation_for, user_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.world import job, world_in

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 4, 20, 7, 20, tzinfo=UTC)


def test_a_page_that_does_not_exist_says_so_also_in_the_demo() -> None:
    set_demo_clock(parse_moment("2021-04-20T09:20"))
    answer = client_with_role(Role.CASEWORKER).get("/findes-ikke/")
    assert answer.status_code == 404
    assert "Demo-tid" in answer.content.decode()


def test_nothing_of_a_page_is_kept_in_a_cache() -> None:
    client = client_with_role(Role.CASEWORKER)
    for address in ("/", reverse("campaigns:search"), "/findes-ikke/"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_the_menu_marks_the_nearest_entry_only() -> None:
    page = client_with_role(Role.LIST_ADMIN).get(reverse("registry:list_orders")).context["frame"]
    active = [item.key for group in page.nav_groups for item in group.items if item.active]
    assert active == ["registry:list_orders"]


def test_a_session_left_alone_ends() -> None:
    client = client_with_role(Role.CASEWORKER)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        assert client.get("/").status_code == 200
        clock.move_to(start + IDLE_LIMIT - timedelta(seconds=1))
        assert client.get("/").status_code == 200
        clock.move_to(start + IDLE_LIMIT * 2 + timedelta(seconds=1))
        assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_a_session_in_use_ends_after_twelve_hours() -> None:
    client = client_with_role(Role.CASEWORKER)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        elapsed = timedelta()
        while elapsed <= ABSOLUTE_LIMIT:
            clock.move_to(start + elapsed)
            assert client.get("/").status_code == 200
            elapsed += IDLE_LIMIT
        clock.move_to(start + elapsed)
        assert client.get("/").status_code == 302


def test_a_role_that_ends_is_gone_at_the_next_request() -> None:
    client = client_with_role(Role.CASEWORKER)
    assert client.get("/").status_code == 200
    Membership.objects.update(ended_at=timezone.now())
    assert client.get("/").status_code == 403


def test_one_switches_between_ones_own_roles_only() -> None:
    user = user_with_role(Role.CASEWORKER)
    own = Membership.objects.create(user=user, organisation=organisation_for(Role.TEAM_LEAD), role=Role.TEAM_LEAD)
    other = user_with_role(Role.AUDITOR).memberships.get()
    client = Client()
    client.force_login(user)
    assert client.get(reverse("campaigns:queue")).status_code == 403
    client.post(reverse("access:switch_role"), {"membership": other.pk})
    assert client.get(reverse("audit:access_log")).status_code == 403
    client.post(reverse("access:switch_role"), {"membership": own.pk})
    assert client.get(reverse("campaigns:queue")).status_code == 200
    with data_context(job(ISHOEJ)):
        assert AccessEvent.objects.filter(action=Action.ROLE_SWITCH, subject_id=str(own.pk)).count() == 1


def test_a_denial_is_kept_although_its_transaction_is_not() -> None:
    client = client_with_role(Role.CASEWORKER)
    assert client.get(reverse("audit:access_log")).status_code == 403
    with data_context(job(ISHOEJ)):
        denial = AccessEvent.objects.get(action=Action.DENIED)
    assert (denial.role, denial.detail["permission"]) == ("caseworker", "see_access_log")


def test_the_context_shows_one_municipality_and_then_nothing() -> None:
    own = world_in(ISHOEJ, NOW, "7110394002")
    foreign = world_in(HOEJE_TAASTRUP, NOW, "7110394004")
    with data_context(actor_with_role(Role.CASEWORKER)):
        assert set(Citizen.objects.values_list("municipality_id", flat=True)) == {ISHOEJ}
        assert Citizen.objects.filter(pk=own.citizen_id).exists()
        assert not Citizen.objects.filter(pk=foreign.citizen_id).exists()
    assert not Citizen.objects.exists()


def test_contexts_do_not_nest() -> None:
    with data_context(job(ISHOEJ)), pytest.raises(NestedDataContextError), data_context(job(HOEJE_TAASTRUP)):
        pytest.fail("a context inside a context")


def test_a_region_planner_opens_no_personal_table() -> None:
    world_in(ISHOEJ, NOW, "7110394002")
    with data_context(actor_with_role(Role.REGION_PLANNER)):
        assert not Citizen.objects.exists()


def test_reading_the_log_is_logged_and_narrowed() -> None:
    client = client_with_role(Role.AUDITOR)
    assert client.get(reverse("audit:access_log"), {"person": "Mette", "from_day": "01.04.2021"}).status_code == 200
    with data_context(job(ISHOEJ)):
        event = AccessEvent.objects.get(action=Action.SEARCH, subject_kind="access_log")
    assert event.detail == {"by": ["from_day", "person"]}
