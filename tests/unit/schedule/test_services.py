from datetime import UTC, datetime, timedelta

import pytest

from outreach.schedule.models import Heartbeat, PeriodicRun
from outreach.schedule.services import claim_slot, forget_old_runs, record_heartbeat, slot_of

NOW = datetime(2021, 4, 20, 10, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_claim_slot_second_caller_gets_nothing():
    assert claim_slot("campaigns.plan-contacts", 300, NOW)
    assert not claim_slot("campaigns.plan-contacts", 300, NOW + timedelta(seconds=20))
    assert claim_slot("campaigns.plan-contacts", 300, NOW + timedelta(seconds=300))
    assert claim_slot("campaigns.sweep-messages", 300, NOW)


def test_slot_of_stays_even_when_clocks_change():
    # F29: 25.10.2026 02:30 comes twice in Copenhagen, an hour apart; the slots differ.
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert slot_of(second, 300) - slot_of(first, 300) == timedelta(hours=1)


@pytest.mark.django_db
def test_record_heartbeat_never_goes_back():
    record_heartbeat("beat", NOW)
    record_heartbeat("beat", NOW - timedelta(hours=1))
    assert Heartbeat.objects.get(name="beat").seen_at == NOW


@pytest.mark.django_db
def test_forget_old_runs_keeps_a_week():
    claim_slot("a", 60, NOW - timedelta(days=8))
    claim_slot("a", 60, NOW)
    assert forget_old_runs(NOW) == 1
    assert PeriodicRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_flush_between_tests_part_one():
    claim_slot("leaks", 60, NOW)


@pytest.mark.django_db(transaction=True)
def test_flush_between_tests_part_two():
    assert not PeriodicRun.objects.filter(job="leaks").exists()
