"""`claim_call --by USER`: take the next citizen, as "Næste borger" does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from outreach.command import OutreachCommand
from registry.models import FollowUp

from ...models import CallTask
from ...services.calls import claim_next


class Command(OutreachCommand):
    """Prints the task, or null when nothing is due."""

    help = "Claim the most urgent call."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER")
        parser.add_argument("--language", metavar="L")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any] | None:
        now = self.moment(options)
        with self.acting(options["by"]) as by:
            task = claim_next(by=by, language=options["language"], now=now)
            return None if task is None else task_answer(task)


def task_answer(task: CallTask) -> dict[str, Any]:
    """A task without the citizen's number: a terminal's history is no place for it (A4)."""
    open_ones = FollowUp.objects.open().filter(citizen=task.citizen_id).select_related("programme")
    return {
        "id": task.pk,
        "citizen_id": task.citizen_id,
        "name": task.citizen.name,
        "cpr": task.citizen.cpr_masked,
        "programmes": [each.programme.code for each in open_ones.order_by("programme__code")],
        "priority": task.priority,
        "agreed_time": task.agreed_time,
        "due_at": timezone.localtime(task.due_at).isoformat(),
        "deadline": task.deadline.isoformat() if task.deadline else None,
        "language": task.language,
        "attempts": task.attempts,
        "claimed_until": timezone.localtime(task.claimed_until).isoformat() if task.claimed_until else None,
    }
