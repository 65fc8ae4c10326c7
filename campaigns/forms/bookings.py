"""What the municipality writes: the wishes, a time it booked itself, what came of it, and when to remind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN, hours_text, local_moment
from popup_sites.models import VaccinationSession
from registry.models import FollowUp

from ..models import BookingRequest, ConfirmTo, Mobility, PartOfDay
from ..models.booking_words import WEEKDAYS
from ..services.bookings.releasing import REASON_LIMIT
from ..services.bookings.wishes import NOTE_LIMIT, Wishes
from .widgets import ButtonChecks


class SessionChoice(forms.ModelChoiceField):
    """A session by place and hours, with how many places are free."""

    def label_from_instance(self, session: VaccinationSession) -> str:
        """`ons. 21.04. kl. 14–20 · Havrevænget, beboerhuset (12 ledige)`."""
        hours = hours_text(session.starts_at, session.ends_at)
        free = _("%(number)s ledige") % {"number": session.free_places}
        return f"{hours} · {session.site.name} ({free})"


class WishesForm(forms.Form):
    """The wishes of K11. `sessions` are those with free places."""

    days = forms.MultipleChoiceField(
        label=_("Dage"),
        choices=WEEKDAYS,
        required=False,
        widget=ButtonChecks,
        help_text=_("Vælg ingen, hvis alle dage passer."),
    )
    times = forms.MultipleChoiceField(
        label=_("Tidspunkt på dagen"),
        choices=PartOfDay.choices,
        required=False,
        widget=ButtonChecks,
    )
    not_before = DanishDateField(label=_("Tidligst den"), required=False)
    session = SessionChoice(
        VaccinationSession.objects.none(), label=_("Pop-up-sted"), required=False, empty_label=_("Intet bestemt")
    )
    place = forms.CharField(label=_("Andet ønske om sted"), max_length=120, required=False)
    mobility = forms.ChoiceField(label=_("Kommer omkring"), choices=Mobility.choices, initial=Mobility.NONE)
    needs_ride = forms.BooleanField(label=_("Har brug for kørsel"), required=False)
    needs_escort = forms.BooleanField(label=_("Har brug for en ledsager"), required=False)
    needs_interpreter = forms.BooleanField(label=_("Har brug for tolk"), required=False)
    confirm_to = forms.ChoiceField(
        label=_("Hvem skal have besked om tiden?"), choices=ConfirmTo.choices, initial=ConfirmTo.CITIZEN
    )
    note = forms.CharField(
        label=_("Besked til bookingvagten"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kun det, regionen skal bruge for at finde en tid."),
    )
    marks_optional = False

    def __init__(self, *args: Any, sessions: QuerySet[VaccinationSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(request: BookingRequest) -> dict[str, Any]:
        """The wishes as they stand."""
        return {
            "days": [str(day) for day in request.days],
            "times": request.times,
            "not_before": request.not_before,
            "session": request.wanted_session_id,
            "place": request.wanted_place,
            "mobility": request.mobility,
            "needs_ride": request.needs_ride,
            "needs_escort": request.needs_escort,
            "needs_interpreter": request.needs_interpreter,
            "confirm_to": request.confirm_to,
            "note": request.note,
        }

    def wishes(self) -> Wishes:
        """What was written. Call it on a valid form."""
        values = {**self.cleaned_data}
        return Wishes(**{**values, "days": tuple(int(day) for day in values["days"])})


class NewRequestForm(WishesForm):
    """The wishes, and which programmes the visit is for."""

    follow_ups = forms.ModelMultipleChoiceField(
        FollowUp.objects.none(), label=_("Tiden gælder"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("follow_ups",)

    def __init__(self, *args: Any, follow_ups: QuerySet[FollowUp], protected: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if protected:
            self.fields["release_reason"] = forms.CharField(
                label=_("Hvorfor må regionen få borgerens oplysninger?"),
                max_length=REASON_LIMIT,
                required=False,
                help_text=_("Borgeren er navne- og adressebeskyttet. Uden begrundelse venter ønsket på frigivelse."),
            )
        chosen: Any = self.fields["follow_ups"]
        chosen.queryset = follow_ups
        chosen.label_from_instance = lambda each: each.programme.name
        chosen.initial = [each.pk for each in follow_ups]

    def wishes(self) -> Wishes:
        """What was written, without the programmes and the release."""
        others = ("follow_ups", "release_reason")
        values = {name: value for name, value in self.cleaned_data.items() if name not in others}
        return Wishes(**{**values, "days": tuple(int(day) for day in values["days"])})


class ReleaseForm(forms.Form):
    """Why the region may see a protected citizen (C5)."""

    release_reason = forms.CharField(
        label=_("Hvorfor må regionen få borgerens oplysninger?"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Skriv, hvorfor regionen må få borgerens oplysninger.")},
        help_text=_("Bookingvagten ser navn, CPR-nummer og telefon for denne ene tid. Begrundelsen bliver logget."),
    )
    marks_optional = False


class TimeForm(forms.Form):
    """A time and a place: at one of the region's pop-up sessions, or anywhere else."""

    session = SessionChoice(
        VaccinationSession.objects.none(),
        label=_("Pop-up-sted"),
        required=False,
        empty_label=_("Et andet sted"),
        help_text=_("Pladsen bliver reserveret, når du gemmer."),
    )
    day = DanishDateField(label=_("Dato"))
    clock = DanishTimeField(label=_("Klokken"))
    place = forms.CharField(
        label=_("Sted"), max_length=200, required=False, help_text=_("Navn og adresse. Kun uden pop-up-sted.")
    )
    vaccine = forms.CharField(
        label=_("Vaccine"), max_length=60, required=False, help_text=_("Bestemmer, hvornår anden dosis skal gives.")
    )
    marks_optional = False

    def __init__(self, *args: Any, sessions: QuerySet[VaccinationSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(request: BookingRequest) -> dict[str, Any]:
        """The time as it stands; without one, the session that was wished."""
        wanted = request.wanted_session
        at = request.booked_at or (wanted.starts_at if wanted else None)
        local = at.astimezone(COPENHAGEN) if at else None
        return {
            "session": request.session_id or request.wanted_session_id,
            "day": local.date() if local else None,
            "clock": local.time() if local else None,
            "place": "" if request.session_id else request.place,
            "vaccine": request.vaccine,
        }

    def clean(self) -> dict[str, Any]:
        """The moment; a time that the clock skips or shows twice is refused (BK05)."""
        values = super().clean() or {}
        if values.get("day") and values.get("clock") is not None:
            try:
                values["booked_at"] = local_moment(values["day"], values["clock"])
            except UserError as problem:
                self.add_error("clock", problem.message)
        if not values.get("session") and not (values.get("place") or "").strip():
            self.add_error("place", _("Skriv stedet, så borgeren kan finde det: navn og adresse."))
        return values

    @property
    def booked_at(self) -> datetime:
        """The moment. Call it on a valid form."""
        return self.cleaned_data["booked_at"]


class ReminderSettingsForm(forms.Form):
    """When citizens are reminded (S8)."""

    days_before = forms.TypedChoiceField(
        label=_("Første påmindelse"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Ingen")),
            *[(number, _("%(number)s dage før") % {"number": number}) for number in (2, 3, 4, 5, 7, 14)],
        ],
    )
    hour = forms.TypedChoiceField(
        label=_("Klokken"), coerce=int, choices=[(hour, f"{hour}") for hour in range(9, 20)], initial=10
    )
    evening_before = forms.BooleanField(label=_("Også aftenen før"), required=False)
    marks_optional = False
