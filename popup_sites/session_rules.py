"""What a session may look like: hours, staff and capacity (P2). Pure: values in, a number or a UserError out."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from outreach.design.formats import number_da
from outreach.errors import UserError

from .local_times import minutes_between

LONGEST_MINUTES = 24 * 60
PLANNED_AHEAD = timedelta(days=2 * 365)
MOST_VACCINATORS = 50
MOST_MINUTES_PER_DOSE = 120
MOST_DOSES = 20_000


def capacity_of(*, vaccinators: int, minutes: int, minutes_per_dose: int, doses: int) -> int:
    """People there is room for: vaccinators × minutes ÷ minutes per dose, but no more than there are doses (P2)."""
    return min(vaccinators * minutes // minutes_per_dose, doses)


def check_hours(*, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise UserError unless the hours lie ahead, in order, and within a day (BK07).

    Codes: `ends_before_start`, `session_too_long`, `session_in_past`, `session_too_far_ahead`.
    """
    minutes = minutes_between(starts_at, ends_at)
    if minutes <= 0:
        raise UserError(
            "ends_before_start",
            _("Sluttidspunktet skal ligge efter starten. Slutter I efter midnat, så skriv også slutdatoen."),
        )
    if minutes > LONGEST_MINUTES:
        raise UserError(
            "session_too_long", _("En åbningstid kan højst vare 24 timer. Opret en åbningstid for hver dag.")
        )
    if starts_at < now:
        raise UserError("session_in_past", _("Tidspunktet er allerede passeret. Vælg et, der ligger forude."))
    if starts_at > now + PLANNED_AHEAD:
        raise UserError("session_too_far_ahead", _("Datoen ligger mere end to år frem. Se efter, om året er rigtigt."))


def check_staffing(*, vaccinators: int, minutes_per_dose: int, doses: int) -> None:
    """Raise UserError `staffing_out_of_range` unless each number is at least 1 and possible (BK09)."""
    for name, value, most in (
        (_("vaccinatører"), vaccinators, MOST_VACCINATORS),
        (_("minutter pr. dosis"), minutes_per_dose, MOST_MINUTES_PER_DOSE),
        (_("doser"), doses, MOST_DOSES),
    ):
        if not 1 <= value <= most:
            raise UserError(
                "staffing_out_of_range",
                _("Antal %(what)s skal være mellem 1 og %(most)s.") % {"what": name, "most": number_da(most)},
            )


def check_room(*, capacity: int, reserved: int) -> None:
    """Raise UserError unless somebody can be vaccinated, and all who were promised a place still can (BK08).

    Codes: `no_capacity`, `capacity_below_reserved`.
    """
    if capacity < 1:
        raise UserError(
            "no_capacity",
            _("Der bliver ikke tid til én eneste vaccination. Sæt flere vaccinatører på, eller hold åbent længere."),
        )
    if capacity < reserved:
        raise UserError(
            "capacity_below_reserved",
            _(
                "%(reserved)s borgere er lovet en plads, men der bliver kun plads til %(capacity)s: "
                "%(surplus)s for få. Behold mindst %(reserved)s pladser, eller flyt borgerne først."
            )
            % {
                "reserved": number_da(reserved),
                "capacity": number_da(capacity),
                "surplus": number_da(reserved - capacity),
            },
        )
