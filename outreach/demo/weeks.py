"""Play the four weeks: list in, read, approved, planned, SMS, calls, look-ups, and the next list.

Every step is what a person or a worker does in the program, at an injected time: the stored clock is set, and the
worker that reads a list or sends messages sees the same time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from campaigns.services.planning import plan
from campaigns.tasks import send_due_messages
from outreach.access.data_context import data_context, job_context
from outreach.access.selectors import actor_by_username
from outreach.clock.services import set_demo_clock
from outreach.command import parse_moment
from registry.models import ListState, Municipality, NonresponderList, Programme
from registry.selectors.lists import receipt
from registry.services.lists import approve, receive_list
from registry.tasks import import_list
from registry.working_days import is_working_day
from reports.services.summaries import refresh

from .bookings import answer_requests, settle_answers
from .callers import Callers
from .lead import lead_the_day
from .letters import send_letters
from .plans import tune_plan
from .popups import book_popups
from .replies import write_back
from .seed import Seeded
from .story import GROUP_8_FIRST_WEEK, LIST_DATES, WAITING_DAYS, Person
from .waves import leave_waiting_wave, send_finished_wave

END = "2021-04-20T10:20"
LIST_TIME = "09:05"
POPUP_BOOKING = "2021-04-16T11:00"
_CALL_ROUNDS = ("10:05", "14:05", "17:05")
_SMS_ROUNDS = ("09:30", "12:00")
_BOOKING_ROUND = "15:30"
_PATIENCE_SECONDS = 120.0


@dataclass
class Played:
    """Receipts in the order the lists were committed, and where the time went (seconds)."""

    receipts: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def took(self, what: str, started: float) -> None:
        self.seconds[what] = round(self.seconds.get(what, 0.0) + time.monotonic() - started, 2)


def play(seeded: Seeded, say: Any) -> Played:
    """Take every municipality with a story through the four weeks. `say(text)` tells a person how far it is."""
    played = Played()
    callers = {code: _callers(code, index, seeded) for index, code in enumerate(seeded.stories)}
    for week, as_of in enumerate(LIST_DATES, start=1):
        for index, (code, paths) in enumerate(seeded.list_files.items()):
            started = time.monotonic()
            played.receipts.append(_take_list(code, index, paths[week - 1], week, as_of))
            played.took("lists", started)
        say(f"Uge {as_of.isocalendar().week}: listerne fra {as_of:%d.%m.%Y} er indlæst.")
        until = LIST_DATES[week] if week < len(LIST_DATES) else None
        for day in _working_days(as_of, until):
            _work_day(day, callers, played)
        if week == len(LIST_DATES) - 1:
            book_popups(parse_moment(POPUP_BOOKING))
            tune_plan(next(iter(seeded.stories)), "teamleder")
            send_letters(next(iter(seeded.stories)))
            send_finished_wave()
    _finish(list(seeded.stories))
    return played


def _callers(code: int, index: int, seeded: Seeded) -> Callers:
    story: dict[str, Person] = {person.cpr: person for person in seeded.stories[code]}
    return Callers(code, _usernames(index), story)


def _usernames(index: int) -> list[str]:
    return [f"sagsbehandler{_suffix(index)}", f"sagsbehandler-b{_suffix(index)}"]


def _suffix(index: int) -> str:
    return "" if index == 0 else f"-{index + 1}"


def _take_list(code: int, index: int, path: Path, week: int, as_of: date) -> dict[str, Any]:
    """Upload, wait for the worker to read and match, decide what needs a decision, approve."""
    moment = parse_moment(f"{as_of.isoformat()}T{LIST_TIME}")
    set_demo_clock(moment)
    username = f"listeadmin{_suffix(index)}"
    groups = [str(number) for number in range(1, 9 if week >= GROUP_8_FIRST_WEEK else 8)]
    with data_context(actor_by_username(username, municipality_code=code)) as by, path.open("rb") as file:
        received = receive_list(
            by=by,
            municipality=Municipality.objects.get(code=code),
            programme=Programme.objects.get(code="covid-19"),
            as_of=as_of,
            waiting_days=WAITING_DAYS,
            groups=groups,
            order=None,
            file=file,
            display_name=path.name,
            now=moment,
            invented=True,
        )
        import_list.delay_on_commit(received.pk)
    _await_review(received.pk)
    with data_context(actor_by_username(username, municipality_code=code)) as by:
        reviewed = NonresponderList.objects.get(pk=received.pk)
        approved = approve(by=by, nonresponder_list=reviewed, now=moment + timedelta(minutes=9))
        if approved.state != ListState.COMMITTED:
            raise RuntimeError(f"list {approved.pk} was not committed: {approved.gates} {approved.counts}")
        return receipt(approved)


def _await_review(list_id: int) -> None:
    """Wait for the worker. Raises TimeoutError when it does not come, RuntimeError when the file was refused."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        current = NonresponderList.objects.get(pk=list_id)
        if current.state == ListState.REVIEWED:
            return
        if current.state == ListState.FAILED:
            raise RuntimeError(f"list {list_id}: {current.error_message}")
        time.sleep(0.1)
    raise TimeoutError(f"list {list_id} was not read in {_PATIENCE_SECONDS:.0f} s; is the worker running?")


def _working_days(after: date, until: date | None) -> Iterator[date]:
    """The list's own day and the working days up to the next list; on the last list's day work has just begun."""
    day = after
    while until is not None and day < until:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def _work_day(day: date, callers: dict[int, Callers], played: Played) -> None:
    rounds = {"sms": _SMS_ROUNDS, "calls": _CALL_ROUNDS, "bookings": (_BOOKING_ROUND,)}
    steps = sorted((at, what) for what, times in rounds.items() for at in times)
    for at, what in steps:
        moment = parse_moment(f"{day.isoformat()}T{at}")
        set_demo_clock(moment)
        started = time.monotonic()
        _plan_everywhere(list(callers), moment)
        if what == "bookings":
            answer_requests(moment)
            for team in callers.values():
                settle_answers(team.municipality_code, team.usernames[0], moment + timedelta(minutes=20))
        elif what == "sms":
            # The task itself, as beat would start it; here in this process, so that the day goes on when it is done.
            send_due_messages()
            for team in callers.values():
                team.look_up_numbers(moment + timedelta(minutes=20))
        else:
            for team in callers.values():
                team.work_round(moment)
        played.took(what, started)


def _plan_everywhere(codes: list[int], moment: datetime) -> None:
    with job_context("planner", codes) as by:
        plan(by=by, now=moment)


def _finish(codes: list[int]) -> None:
    """Leave the demo on the last list's morning, everything planned and the first calls due."""
    end = parse_moment(END)
    morning = parse_moment(f"{LIST_DATES[-1].isoformat()}T09:30")
    set_demo_clock(morning)
    _plan_everywhere(codes, morning)
    send_due_messages()
    set_demo_clock(end)
    for code in codes:
        write_back(code, end)
    _plan_everywhere(codes, end)
    leave_waiting_wave()
    for index, code in enumerate(codes):
        lead_the_day(code, _usernames(index), f"teamleder{_suffix(index)}", end)
    programme = Programme.objects.get(code="covid-19")
    for municipality in Municipality.objects.filter(code__in=codes):
        # As the periodic task does: the region sees sums, and sees them as of now.
        with job_context("demo", [municipality.code]) as by:
            refresh(by=by, municipality=municipality, programme=programme, now=end)
