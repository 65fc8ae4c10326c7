"""The base of every management command in the contract: one JSON object out, clear exit codes, one data context.

Exit 0 done · 2 the user can mend it · 1 a fault (an exception's own exit). Progress goes to standard error.
"""

from __future__ import annotations

import json
import sys
from abc import abstractmethod
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from outreach.access.actor import Actor, system_actor
from outreach.access.data_context import data_context
from outreach.access.selectors import actor_by_username, served_municipality_codes
from outreach.clock.services import now as clock_now
from outreach.embedded.checks import refuse_unsafe_start
from outreach.errors import UserError


class OutreachCommand(BaseCommand):
    """Subclasses write `add_options` and `answer`; `answer` returns what `--json` prints."""

    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        self.add_options(parser)

    def add_options(self, parser: CommandParser) -> None:
        """Add the command's own arguments."""

    @abstractmethod
    def answer(self, options: dict[str, Any]) -> Any:
        """Do the work and return a JSON-ready answer. Raise UserError for what the user can mend."""

    def lines(self, answer: Any) -> list[str]:
        """The same answer for a person at a terminal."""
        return [json.dumps(answer, ensure_ascii=False, indent=2, default=str)]

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_start()
        try:
            answer = self._allowed_answer(options)
        except UserError as error:
            if options["json"]:
                self.stdout.write(
                    json.dumps({"error": {"code": error.code, "message": error.message}}, ensure_ascii=False)
                )
            else:
                self.stderr.write(error.message)
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, default=_plain))
        else:
            for line in self.lines(answer):
                self.stdout.write(line)

    def _allowed_answer(self, options: dict[str, Any]) -> Any:
        """The answer; a user without the permission is something the one at the terminal can mend."""
        try:
            return self.answer(options)
        except PermissionDenied:
            raise UserError(
                "not_allowed", f"Brugeren »{options.get('by')}« har ikke adgang til det. Vælg en bruger med den rolle."
            ) from None

    def progress(self, text: str) -> None:
        """Tell a person what happens now, beside the answer."""
        self.stderr.write(text)

    @staticmethod
    def add_now(parser: CommandParser) -> None:
        parser.add_argument("--now", help="ISO 8601; without an offset, Europe/Copenhagen", default=None)

    @staticmethod
    def moment(options: dict[str, Any]) -> datetime:
        """The command's time: `--now`, or the installation's clock. Raises UserError on a text that is no time."""
        text = options.get("now")
        if not text:
            return clock_now()
        return parse_moment(text)

    @staticmethod
    def acting(username: str, municipality_code: int | None = None) -> AbstractContextManager[Actor]:
        """The one place where a command opens row-level security for a named user."""
        return data_context(actor_by_username(username, municipality_code=municipality_code))

    @staticmethod
    def acting_as_job(job: str, municipality_codes: list[int] | None = None) -> AbstractContextManager[Actor]:
        """The same for a system job, by default over every municipality served here."""
        codes = served_municipality_codes() if municipality_codes is None else municipality_codes
        return data_context(system_actor(job, codes))

    @staticmethod
    def secret_argument(value: str) -> str:
        """A CPR number given as an argument, or read from standard input when it is `-`."""
        return sys.stdin.readline().strip() if value == "-" else value


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment or day; without an offset it is Copenhagen's. Raises UserError."""
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)) is not None:
            moment = datetime.combine(day, time.min)
    except ValueError:
        moment = None
    if moment is None:
        raise UserError("bad_time", f"»{text}« er ikke et tidspunkt. Skriv det som 2021-04-20T09:20.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def parse_day(text: str | None) -> date | None:
    """A day written as 2021-04-20; None or "" is None. Raises UserError."""
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise UserError("bad_date", f"»{text}« er ikke en dato. Skriv den som 2021-04-20.")
    return day


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "quantize"):
        return float(value)
    return str(value)
