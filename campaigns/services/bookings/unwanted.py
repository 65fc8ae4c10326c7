"""The citizen has said since that they want no time, or need none: what was asked for them goes back (K6, K11, L8).

Once the answer can no longer be undone: a time handed back to the region does not come back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from outreach.access.actor import system_actor
from registry.models import Outcome

from ...booking_rules import RUNNING
from ...models import BookingProgramme, BookingRequest, BookingState
from ..answers.undoing import UNDO_WITHIN
from .ending import forget_booking
from .routes import name_programmes
from .states import locked_request, note_change

# No time at all, whatever is booked already.
NO_TIME = (Outcome.DECLINED, Outcome.DO_NOT_CONTACT)
# Said of the first dose, which who waits for the second has had.
HAD_IT = (Outcome.ALREADY_VACCINATED,)
# Said of another time, or of the very one that was got here: only what is not booked yet is not needed.
ANOTHER_TIME = (Outcome.BOOKS_SELF, Outcome.ALREADY_BOOKED)


def end_unwanted(*, municipality_id: int, now: datetime) -> int:
    """Go through what runs for citizens who have answered so; return how many requests changed. Again: no effect."""
    said = BookingProgramme.objects.filter(
        municipality=municipality_id,
        request__state__in=list(RUNNING),
        follow_up__outcome__in=[*NO_TIME, *HAD_IT, *ANOTHER_TIME],
        follow_up__outcome_at__lte=now - UNDO_WITHIN,
    )
    return sum(_end(key, now) for key in sorted(set(said.values_list("request_id", flat=True))))


@transaction.atomic
def _end(request_id: int, now: datetime) -> bool:
    request = locked_request(request_id)
    if request.state not in RUNNING:
        return False
    asked_at = request.sent_at or request.changes.aggregate(first=Min("at"))["first"]
    programmes = list(request.programmes.select_related("follow_up", "programme"))
    unwanted = [each for each in programmes if _is_unwanted(each, request, asked_at, now)]
    if not unwanted:
        return False
    by = system_actor("booking", [request.municipality_id])
    if len(unwanted) == len(programmes):
        to = BookingState.CANCELLED if request.state == BookingState.CONFIRMED else BookingState.WITHDRAWN
        forget_booking(request, to, by=by, now=now, reason=_("Borgeren har siden svaret noget andet"))
        return True
    names = ", ".join(each.programme.name for each in unwanted)
    request.programmes.filter(pk__in=[each.pk for each in unwanted]).delete()
    name_programmes(request)
    note_change(request, request.state, by=by, now=now, reason=_("Gælder ikke længere %(names)s") % {"names": names})
    return True


def _is_unwanted(programme: BookingProgramme, request: BookingRequest, asked_at: datetime, now: datetime) -> bool:
    follow_up = programme.follow_up
    if follow_up is None or follow_up.outcome_at is None:
        return False
    since = asked_at < follow_up.outcome_at <= now - UNDO_WITHIN
    booked = request.state in (BookingState.CONFIRMED, BookingState.NO_SHOW)
    enough = [*NO_TIME, *(HAD_IT if request.dose == 1 else ()), *(() if booked else ANOTHER_TIME)]
    return since and follow_up.outcome in enough
