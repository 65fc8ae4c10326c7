"""Whether and how fast messages may go to a gateway: circuit breaker, rate limit and alarm, held across processes.

Called between batches, never inside a data context's transaction: a row lock lasts for one short statement.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from outreach.messaging.line_state import GatewayState, LineState

# A probe whose sender died is forgotten after this: longer than the longest request.
PROBE_LEASE = timedelta(minutes=2)
LONGEST_PROBE_WAIT = timedelta(minutes=10)
ACCOUNT_PROBE_WAIT = timedelta(minutes=5)
LONGEST_SLOW_SECONDS = 300.0
# Of a second's messages: smaller portions would cost more transactions than messages.
SMALLEST_PORTION = 0.5

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Admission:
    """How many messages may go now; none: ask again after `wait` seconds, or not at all in this pass when None."""

    granted: int
    probe: bool = False
    wait: float | None = None


@dataclass
class Tally:
    """What became of the messages of one admission. `trailing`: without an answer, since the last answer."""

    answered: int = 0
    trailing: int = 0
    account: tuple[str, str] | None = None
    slow: bool = False
    retry_after: float | None = None
    last_failure: str = field(default="")


def admit(gateway: str, wanted: int) -> Admission:
    """Ask for `wanted` messages. A closed line grants one probe, to one asker at a time (half-open)."""
    with transaction.atomic():
        row, now = _locked(gateway)
        if row.state != LineState.RUNNING:
            if (row.probe_at and row.probe_at > now) or (row.probing_until and row.probing_until > now):
                return Admission(0)
            row.probing_until = now + PROBE_LEASE
            row.save(update_fields=["probing_until"])
            return Admission(1, probe=True)
        if row.slow_until and row.slow_until > now:
            return Admission(0, wait=(row.slow_until - now).total_seconds())
        rate = settings.SMS_PER_SECOND
        if not rate:
            return Admission(wanted)
        row.tokens = min(max(rate, 1.0), row.tokens + rate * max(0.0, (now - row.tokens_at).total_seconds()))
        row.tokens_at = now
        least = min(float(wanted), max(1.0, rate * SMALLEST_PORTION))
        granted = min(wanted, int(row.tokens)) if row.tokens >= least else 0
        row.tokens -= granted
        row.save(update_fields=["tokens", "tokens_at"])
        return Admission(granted) if granted else Admission(0, wait=(least - row.tokens) / rate)


def give_back(gateway: str, unused: int, *, probe: bool = False) -> None:
    """What was granted and is not sent. A negative number charges more: a long text is several parts (S2)."""
    if not (probe or (unused and settings.SMS_PER_SECOND)):
        return
    with transaction.atomic():
        row, _now = _locked(gateway)
        if probe:
            row.probing_until = None
        else:
            row.tokens += unused
        row.save(update_fields=["tokens", "probing_until"])


def report(gateway: str, tally: Tally, *, probe: bool = False) -> LineState:
    """Tell what came of an admission; close, open or slow the line accordingly, and return what it is now."""
    with transaction.atomic():
        row, now = _locked(gateway)
        before = row.state
        if probe:
            row.probing_until = None
        if tally.account is not None:
            _close(row, LineState.STOPPED, tally.account, now)
            row.probe_at = now + ACCOUNT_PROBE_WAIT
        elif tally.answered and not tally.trailing:
            row.failures = 0
            if probe:
                _open(row, now)
        else:
            row.failures = tally.trailing if tally.answered else row.failures + tally.trailing
            failed_probe = probe and bool(tally.trailing)
            if failed_probe or (row.state == LineState.RUNNING and row.failures >= settings.SMS_FAILURES_IN_A_ROW):
                state = LineState(row.state) if failed_probe else LineState.PAUSED
                reason = (row.reason, row.danish) if state == LineState.STOPPED else (tally.last_failure, "")
                _close(row, state, reason, now)
                row.probe_at = now + _probe_wait(row)
        _slow(row, tally, now)
        row.save()
    if row.state != before:
        log.error("sms_line_changed", gateway=gateway, state=str(row.state), reason=row.reason)
    return LineState(row.state)


def probe_now(gateway: str) -> None:
    """Somebody says the trouble is over: the next message may try at once."""
    with transaction.atomic():
        row, now = _locked(gateway)
        row.probe_at, row.probing_until, row.slow_until = now, None, None
        row.save(update_fields=["probe_at", "probing_until", "slow_until"])


def alarms() -> list[GatewayState]:
    """The lines that do not send, longest first."""
    return list(GatewayState.objects.exclude(state=LineState.RUNNING).order_by("since"))


def _locked(gateway: str) -> tuple[GatewayState, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_gatewaystate (gateway, state, since, reason, danish, failures, probes, slowed,"
            " tokens, tokens_at) VALUES (%s, 'running', now(), '', '', 0, 0, 0, 0, now() - interval '1 day')"
            " ON CONFLICT DO NOTHING",
            [gateway],
        )
        row = GatewayState.objects.select_for_update().get(pk=gateway)
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return row, moment


def _close(row: GatewayState, state: LineState, reason: tuple[str, str], now: datetime) -> None:
    row.probes = row.probes + 1 if row.state != LineState.RUNNING else 0
    if row.state != state:
        row.since = now
    row.state, (row.reason, row.danish) = state, (reason[0][:40], reason[1][:200])


def _open(row: GatewayState, now: datetime) -> None:
    if row.state != LineState.RUNNING:
        row.state, row.since, row.reason, row.danish = LineState.RUNNING, now, "", ""
    row.probe_at, row.probes, row.failures = None, 0, 0


def _probe_wait(row: GatewayState) -> timedelta:
    """Doubled with each failed probe up to ten minutes, and not at the same moment for everybody."""
    wait = min(settings.SMS_PROBE_SECONDS * 2 ** min(row.probes, 10), LONGEST_PROBE_WAIT.total_seconds())
    return timedelta(seconds=wait * random.uniform(0.8, 1.2))  # noqa: S311  no secret


def _slow(row: GatewayState, tally: Tally, now: datetime) -> None:
    if not tally.slow:
        row.slowed = 0 if tally.answered else row.slowed
        return
    own = min(2.0 ** min(row.slowed, 10), LONGEST_SLOW_SECONDS) * random.uniform(1.0, 1.5)  # noqa: S311  no secret
    row.slowed += 1
    wait = min(max(own, tally.retry_after or 0.0), LONGEST_SLOW_SECONDS)
    row.slow_until = now + timedelta(seconds=wait)
