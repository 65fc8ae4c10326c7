"""F15-F17, SS05: the circuit breaker and the rate of the line, as they stand in the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import F
from django.test import Client

from outreach.messaging.line import Tally, admit, alarms, give_back, probe_now, report
from outreach.messaging.models import GatewayState, LineState

LINE = "twilio"


def _later(seconds: float) -> None:
    """Let that much time pass for the line, whose clock is the database's."""
    passed = timedelta(seconds=seconds)
    GatewayState.objects.update(
        probe_at=F("probe_at") - passed,
        probing_until=F("probing_until") - passed,
        slow_until=F("slow_until") - passed,
        tokens_at=F("tokens_at") - passed,
    )


def _fail(times: int = 1) -> LineState:
    return report(LINE, Tally(trailing=times, last_failure="not_connected"))


@pytest.mark.django_db
@pytest.mark.case("F16")
def test_the_line_pauses_after_so_many_failures_in_a_row_and_one_answer_begins_anew(settings) -> None:
    settings.SMS_FAILURES_IN_A_ROW = 3
    assert [_fail(), _fail()] == [LineState.RUNNING] * 2
    report(LINE, Tally(answered=1))
    assert [_fail(), _fail(), _fail()] == [LineState.RUNNING, LineState.RUNNING, LineState.PAUSED]
    assert admit(LINE, 100) == admit(LINE, 1)
    assert admit(LINE, 100).granted == 0
    assert [(row.gateway, row.reason) for row in alarms()] == [(LINE, "not_connected")]


@pytest.mark.django_db
@pytest.mark.case("F16")
def test_a_paused_line_lets_one_message_try_and_opens_when_it_is_answered(settings) -> None:
    settings.SMS_FAILURES_IN_A_ROW, settings.SMS_PROBE_SECONDS = 1, 60
    _fail()
    _later(40)
    assert admit(LINE, 100).granted == 0
    _later(40)
    probe = admit(LINE, 100)
    assert (probe.granted, probe.probe) == (1, True)
    assert admit(LINE, 100).granted == 0  # one at a time
    assert report(LINE, Tally(trailing=1, last_failure="not_connected"), probe=True) == LineState.PAUSED
    _later(90)
    assert admit(LINE, 100).granted == 0  # twice the wait after a second failure
    _later(90)
    assert admit(LINE, 100).probe
    assert report(LINE, Tally(answered=1), probe=True) == LineState.RUNNING
    assert admit(LINE, 100).granted == 100
    assert alarms() == []


@pytest.mark.django_db
def test_a_probe_whose_sender_died_or_that_nothing_was_due_for_blocks_nobody(settings) -> None:
    settings.SMS_FAILURES_IN_A_ROW = 1
    _fail()
    _later(600)
    assert admit(LINE, 1).probe
    _later(121)
    assert admit(LINE, 1).probe
    give_back(LINE, 1, probe=True)
    assert admit(LINE, 1).probe


@pytest.mark.django_db
def test_the_wait_between_probes_grows_to_ten_minutes_and_differs(settings) -> None:
    settings.SMS_FAILURES_IN_A_ROW, settings.SMS_PROBE_SECONDS = 1, 60
    _fail()
    waits = []
    for _probe in range(8):
        _later(3600)
        assert admit(LINE, 1).probe
        report(LINE, Tally(trailing=1), probe=True)
        row = GatewayState.objects.get()
        waits.append((row.probe_at - _database_now()).total_seconds())
    assert 0.8 * 120 - 2 <= waits[0] <= 1.2 * 120
    assert all(0.8 * 600 - 2 <= wait <= 1.2 * 600 for wait in waits[4:])
    assert len({round(wait, 2) for wait in waits[4:]}) > 1


@pytest.mark.django_db
@pytest.mark.case("F17")
def test_a_refused_account_stops_the_line_until_a_probe_goes_through_or_a_person_asks(settings) -> None:
    settings.SMS_FAILURES_IN_A_ROW = 5
    assert report(LINE, Tally(account=("20003", "Adgangskoden afvises"))) == LineState.STOPPED
    (alarm,) = alarms()
    assert (alarm.reason, alarm.danish) == ("20003", "Adgangskoden afvises")
    assert admit(LINE, 10).granted == 0
    probe_now(LINE)
    assert admit(LINE, 10).probe
    # Nobody there now: what stopped it is still what somebody has to mend.
    assert report(LINE, Tally(trailing=1, last_failure="not_connected"), probe=True) == LineState.STOPPED
    assert alarms()[0].reason == "20003"
    _later(3600)
    assert admit(LINE, 10).probe
    assert report(LINE, Tally(answered=1), probe=True) == LineState.RUNNING


@pytest.mark.django_db
@pytest.mark.case("F15", "SS08")
def test_throttled_waits_as_long_as_the_gateway_says_and_longer_each_time() -> None:
    report(LINE, Tally(answered=1, slow=True, retry_after=30.0))
    wait = admit(LINE, 10).wait
    assert wait is not None
    assert 29 < wait <= 30
    _later(31)
    assert admit(LINE, 10).granted == 10
    waits = []
    for _time in range(12):
        report(LINE, Tally(answered=1, slow=True))
        waits.append(admit(LINE, 10).wait or 0.0)
        _later(400)
    assert waits[0] < 4
    assert max(waits) <= 300
    assert waits[-1] > waits[1] > 0
    report(LINE, Tally(answered=1))
    assert admit(LINE, 10).granted == 10
    assert GatewayState.objects.get().state == LineState.RUNNING  # slow is not down


@pytest.mark.django_db
@pytest.mark.case("SS05")
def test_the_rate_holds_over_a_hundred_thousand(settings) -> None:
    settings.SMS_PER_SECOND = 100.0
    admit(LINE, 100)
    GatewayState.objects.update(tokens=0.0)
    sent = 0
    for _second in range(30):
        _later(1)
        granted = admit(LINE, 5000).granted
        assert granted <= 101
        sent += granted
    # A second's worth each second, whatever is asked for: 100,000 take a thousand of them.
    assert 2900 <= sent <= 3100


@pytest.mark.django_db
def test_a_long_text_costs_as_many_as_it_has_parts_and_what_is_not_sent_is_given_back(settings) -> None:
    settings.SMS_PER_SECOND = 10.0
    assert admit(LINE, 10).granted == 10
    give_back(LINE, 10 - 30)  # ten messages of three parts
    refused = admit(LINE, 10)
    assert refused.granted == 0
    assert refused.wait is not None
    assert 2.0 < refused.wait <= 2.6
    _later(3)
    assert 9 <= admit(LINE, 10).granted <= 10
    give_back(LINE, 7)
    assert admit(LINE, 7).granted == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.case("SS05")
def test_many_workers_share_one_rate_and_one_probe(settings) -> None:
    settings.SMS_PER_SECOND, settings.SMS_FAILURES_IN_A_ROW = 40.0, 1
    granted: list[int] = []
    started = time.monotonic()

    def ask() -> None:
        while time.monotonic() - started < 1.5:
            granted.append(admit(LINE, 100).granted)
            time.sleep(0.01)

    _together(ask)
    # A full second's worth to begin with, and one and a half seconds of refilling: six askers share it.
    assert 60 <= sum(granted) <= 40 + 40 * (time.monotonic() - started) + 1
    _fail()
    probe_now(LINE)
    probes: list[bool] = []
    _together(lambda: probes.append(admit(LINE, 1).probe))
    assert probes.count(True) == 1


@pytest.mark.django_db
@pytest.mark.urls("outreach.health.urls")
@pytest.mark.case("F17")
def test_a_closed_line_makes_the_status_red_and_says_no_more_than_which(client: Client) -> None:
    assert client.get("/status").json()["parts"]["messages"] == {"works": True, "detail": {}}
    report(LINE, Tally(account=("20003", "Adgangskoden afvises")))
    answer = client.get("/status")
    assert answer.status_code == 503
    part = answer.json()["parts"]["messages"]
    assert part["works"] is False
    assert list(part["detail"]) == [LINE]
    assert "Adgangskoden" not in answer.content.decode()


def _together(work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _database_now():  # type: ignore[no-untyped-def]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
