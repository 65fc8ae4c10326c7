"""Times booked for citizens in the demo: the region's desk answers, the municipality tells, people come or do not.

The requests themselves come from the calls. Which answer each gets follows from its number, the same in every run.
"""

from datetime import date, datetime, timedelta

from campaigns.models import BookingRequest, BookingRoute, BookingState, RouteTask, ToldHow
from campaigns.selectors.booking_desk import request_of
from campaigns.services.bookings import chains, desk, releasing, settling
from campaigns.services.bookings.sweeping import sweep_bookings
from outreach.access.actor import Actor
from outreach.access.data_context import data_context, job_context
from outreach.access.selectors import actor_by_username
from outreach.clock.services import set_demo_clock
from popup_sites.local_times import COPENHAGEN
from registry.services.citizens import edit_citizen
from registry.working_days import add_working_days

DESK = "bookingvagt"
PLACE = "Vaccinationscentret, Industrivej 7 (opdigtet)"
FIRST_HOUR, HOURS = 9, 7
# The desk has answered nothing that was asked after this: the demo's last days have requests to answer.
DESK_STOPS = "2021-04-16"
LAST_ASKED = "2021-04-14"
RELEASED = "Borgeren har selv bedt om hjælp til en tid"
RIDE_BEFORE = timedelta(minutes=50)


def answer_requests(moment: datetime) -> int:
    """The desk takes what waits, one after the other, and answers. Returns how many."""
    if f"{moment:%Y-%m-%d}" >= DESK_STOPS:
        return 0
    set_demo_clock(moment)
    answered = 0
    with data_context(actor_by_username(DESK)) as by:
        while (route := desk.claim_next(by=by, now=moment)) is not None:
            _answer(by, route, moment)
            answered += 1
    return answered


def settle_answers(code: int, username: str, moment: datetime) -> None:
    """A caseworker tells those without a mobile, agrees rides, and writes down who came; reminders go by themselves."""
    set_demo_clock(moment)
    with job_context("booking", [code]):
        sweep_bookings(municipality_id=code, now=moment)
    with data_context(actor_by_username(username, municipality_code=code)) as by:
        for request in BookingRequest.objects.visible_to(by).order_by("pk"):
            _settle(by, request, moment)
        if f"{moment:%Y-%m-%d}" >= DESK_STOPS:
            _protect_one(by, moment)
            sweep_bookings(municipality_id=code, now=moment)


def _answer(by: Actor, route: BookingRoute, now: datetime) -> None:
    number = route.pk
    with request_of(route) as request:
        first_day = request.not_before or now.astimezone(COPENHAGEN).date()
    if route.task == RouteTask.CANCEL:
        desk.cancellation_done(by=by, request_id=number, now=now)
    elif number % 9 == 0:
        desk.refuse(by=by, request_id=number, refusal="no_times", now=now, note="Prøv igen i næste uge.")
    elif number % 9 == 1:
        desk.propose(by=by, request_id=number, booked_at=_time(number, first_day, 4), place=PLACE, now=now)
    else:
        desk.confirm(
            by=by, request_id=number, booked_at=_time(number, first_day, 2), place=PLACE, vaccine="Comirnaty", now=now
        )


def _protect_one(by: Actor, now: datetime) -> None:
    """C5: one who waits for a time has got their name and address protected, so that a caseworker must release them."""
    mine = BookingRequest.objects.visible_to(by)
    if not mine.filter(state=BookingState.HELD).exists():
        waiting = mine.filter(state=BookingState.SENT).select_related("citizen").order_by("pk").first()
        if waiting is not None:
            edit_citizen(by=by, citizen=waiting.citizen, values={"protected": True}, now=now)


def _takes_proposal(request: BookingRequest, now: datetime) -> bool:
    """Whom the region has proposed a time says yes to it; on the last days some have not been asked yet."""
    asked = request.pk % 2 == 1 or f"{now:%Y-%m-%d}" < LAST_ASKED
    return (
        request.state == BookingState.PROPOSED and asked and request.booked_at is not None and request.booked_at > now
    )


def _time(number: int, first_day: date, days: int) -> datetime:
    day = add_working_days(first_day, days + number % 3)
    return datetime(day.year, day.month, day.day, FIRST_HOUR + number % HOURS, 15, tzinfo=COPENHAGEN)


def _settle(by: Actor, request: BookingRequest, now: datetime) -> None:
    if request.state == BookingState.HELD and f"{now:%Y-%m-%d}" < LAST_ASKED:
        releasing.release_to_region(by=by, request_id=request.pk, reason=RELEASED, now=now)
    if _takes_proposal(request, now):
        settling.accept_proposal(by=by, request_id=request.pk, now=now)
    if request.state != BookingState.CONFIRMED or request.booked_at is None:
        return
    if request.booked_at <= now:
        came = settling.citizen_did_not_come if request.pk % 8 == 0 else settling.citizen_came
        came(by=by, request_id=request.pk, now=now)
        return
    if request.told_at is None:
        settling.tell_citizen(by=by, request_id=request.pk, how=ToldHow.CALL, now=now)
    if request.pk % 3 == 0 and not request.links.filter(kind="ride").exists():
        link = chains.add_link(by=by, request_id=request.pk, kind="ride", now=now)
        if request.pk % 2 and request.booked_at - RIDE_BEFORE > now:
            chains.agree_link(
                by=by,
                link_id=link.pk,
                at=request.booked_at - RIDE_BEFORE,
                provider="transport",
                pick_up="Ved hoveddøren",
                aids=["rollator"],
                now=now,
            )
