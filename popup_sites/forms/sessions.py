"""The form of a session: when, who and how many doses; then the second round."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.errors import UserError
from registry.models import Programme

from ..local_times import COPENHAGEN, local_moment, minutes_between
from ..models import PopupSite, VaccinationSession, VaccinationTeam
from ..second_round import offered_second_round
from ..session_rules import (
    MOST_DOSES,
    MOST_MINUTES_PER_DOSE,
    MOST_VACCINATORS,
    capacity_of,
    check_hours,
    check_room,
)
from ..vaccines import known_vaccines

OTHER_VACCINE = "other"
# Which field of the form a refusal of the rules is about.
_FIELD_OF = {
    "ends_before_start": "ends",
    "session_too_long": "ends_on",
    "session_in_past": "day",
    "session_too_far_ahead": "day",
    "site_is_taken": "starts",
    "team_is_elsewhere": "team",
    "no_capacity": "vaccinators",
    "capacity_below_reserved": "vaccinators",
}


def _whole_number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    attrs = {"class": "date-input", "inputmode": "numeric", "autocomplete": "off"}
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"invalid": _("Skriv et helt tal, fx 4.")},
    )


class SessionForm(forms.Form):
    """Hours, team and doses of a session. `second_*` fields plan the second round along with a first one."""

    marks_optional = True
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Program"), empty_label=None)
    day = DanishDateField(label=_("Dato"))
    starts = DanishTimeField(label=_("Åbner kl."), help_text=_("Fx 14 eller 14.30"))
    ends = DanishTimeField(label=_("Lukker kl."), help_text=_("Fx 20"))
    ends_on = DanishDateField(label=_("Slutdato"), required=False, help_text=_("Kun hvis I lukker efter midnat."))
    team = forms.ModelChoiceField(
        VaccinationTeam.objects.none(),
        label=_("Hold"),
        required=False,
        empty_label=_("Intet hold valgt endnu"),
    )
    new_team = forms.CharField(
        label=_("Nyt hold"), max_length=80, required=False, help_text=_("Kun hvis holdet ikke er på listen.")
    )
    vaccinators = _whole_number(_("Vaccinatører"), MOST_VACCINATORS)
    minutes_per_dose = _whole_number(_("Minutter pr. dosis"), MOST_MINUTES_PER_DOSE)
    doses = _whole_number(_("Doser"), MOST_DOSES)
    vaccine = forms.ChoiceField(label=_("Vaccine"))
    other_vaccine = forms.CharField(
        label=_("Vaccinens navn"), max_length=60, required=False, help_text=_("Kun for en anden vaccine.")
    )
    drop_in = forms.BooleanField(label=_("Man kan komme uden tid"), required=False, initial=True)
    by_appointment = forms.BooleanField(label=_("Man kan bestille tid"), required=False)
    second_round = forms.BooleanField(label=_("Planlæg anden runde samtidig"), required=False)
    second_day = DanishDateField(label=_("Dato for anden runde"), required=False)
    second_starts = DanishTimeField(label=_("Anden runde åbner kl."), required=False)

    def __init__(
        self,
        *args: Any,
        site: PopupSite,
        now: datetime,
        session: VaccinationSession | None = None,
        **kwargs: Any,
    ) -> None:
        """`session` is the one being changed; the second round is planned only with a new one."""
        if session is not None:
            kwargs["initial"] = session_initial(session)
        super().__init__(*args, **kwargs)
        self.now, self.session = now, session
        self.fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]
        self.fields["team"].queryset = VaccinationTeam.objects.filter(region=site.region_id).order_by("name")  # type: ignore[attr-defined]
        self.fields["vaccine"].choices = [  # type: ignore[attr-defined]
            *((known.name, known.name) for known in known_vaccines()),
            (OTHER_VACCINE, _("Anden vaccine")),
        ]

    def clean(self) -> dict[str, Any]:
        """Times that exist, in order and ahead; the vaccine's name; a second round that can be dated."""
        cleaned = super().clean() or {}
        if cleaned.get("vaccine") == OTHER_VACCINE:
            cleaned["vaccine"] = cleaned.get("other_vaccine", "").strip()
            if not cleaned["vaccine"]:
                self.add_error("other_vaccine", _("Skriv, hvilken vaccine der gives."))
        if not cleaned.get("drop_in") and not cleaned.get("by_appointment"):
            self.add_error("drop_in", _("Vælg, om man kan komme uden tid, bestille tid eller begge dele."))
        if cleaned.get("team") and cleaned.get("new_team"):
            self.add_error("new_team", _("Vælg et hold på listen, eller skriv et nyt. Ikke begge dele."))
        self._clean_hours(cleaned)
        if cleaned.get("second_round"):
            self._clean_second_round(cleaned)
        return cleaned

    def _moment(self, name: str, day: date | None, clock: time | None) -> datetime | None:
        """The moment of a day and a time; a time the clock skips or repeats is the field's error (BK05)."""
        if day is None or clock is None:
            return None
        try:
            return local_moment(day, clock)
        except UserError as error:
            self.add_error(name, error.message)
            return None

    def _clean_hours(self, cleaned: dict[str, Any]) -> None:
        day = cleaned.get("day")
        starts_at = self._moment("starts", day, cleaned.get("starts"))
        ends_at = self._moment("ends", cleaned.get("ends_on") or day, cleaned.get("ends"))
        if starts_at is None or ends_at is None or "ends_on" in self.errors:
            return
        kept = self.session is not None and self.session.starts_at == starts_at
        try:
            check_hours(starts_at=starts_at, ends_at=ends_at, now=min(self.now, starts_at) if kept else self.now)
        except UserError as error:
            self.refuse(error)
            return
        cleaned["starts_at"], cleaned["ends_at"] = starts_at, ends_at
        numbers = [cleaned.get(name) for name in ("vaccinators", "minutes_per_dose", "doses")]
        if None not in numbers:
            cleaned["capacity"] = self._room(cleaned)

    def _room(self, cleaned: dict[str, Any]) -> int:
        capacity = capacity_of(
            vaccinators=cleaned["vaccinators"],
            minutes=minutes_between(cleaned["starts_at"], cleaned["ends_at"]),
            minutes_per_dose=cleaned["minutes_per_dose"],
            doses=cleaned["doses"],
        )
        try:
            check_room(capacity=capacity, reserved=self.session.reserved if self.session else 0)
        except UserError as error:
            self.refuse(error)
        return capacity

    def _clean_second_round(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("second_day") and "second_day" not in self.errors:
            self.add_error("second_day", _("Skriv datoen for anden runde, eller fjern fluebenet."))
        clock = cleaned.get("second_starts") or cleaned.get("starts")
        moment = self._moment("second_starts", cleaned.get("second_day"), clock)
        if moment is not None:
            cleaned["second_round_starts_at"] = moment

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the services at the field it is about."""
        field = "second_day" if error.code.startswith("second_round_") else _FIELD_OF.get(error.code)
        self.add_error(field if field in self.fields else None, error.message)

    def session_fields(self) -> dict[str, Any]:
        """Keyword arguments common to `create_session` and `change_session`; the team is the caller's."""
        names = (
            "programme",
            "starts_at",
            "ends_at",
            "vaccinators",
            "minutes_per_dose",
            "doses",
            "vaccine",
            "drop_in",
            "by_appointment",
        )
        return {name: self.cleaned_data[name] for name in names}


class CancelForm(forms.Form):
    """Why a session is cancelled; the municipality is told."""

    reason = forms.CharField(
        label=_("Hvorfor aflyses den?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kommunen får begrundelsen."),
        error_messages={"required": _("Skriv, hvorfor åbningstiden aflyses. Kommunen får begrundelsen.")},
    )
    with_second_round = forms.BooleanField(label=_("Aflys også anden runde"), required=False)


class AcknowledgeForm(forms.Form):
    """The municipality's answer to a notice."""

    remark = forms.CharField(
        label=_("Bemærkning til regionen"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def session_initial(session: VaccinationSession) -> dict[str, Any]:
    """What the form shows for a session that exists."""
    start, end = session.starts_at.astimezone(COPENHAGEN), session.ends_at.astimezone(COPENHAGEN)
    known = session.vaccine in {vaccine.name for vaccine in known_vaccines()}
    return {
        "programme": session.programme_id,
        "day": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "ends_on": end.date() if end.date() != start.date() else None,
        "team": session.team_id,
        "vaccinators": session.vaccinators,
        "minutes_per_dose": session.minutes_per_dose,
        "doses": session.doses,
        "vaccine": session.vaccine if known else OTHER_VACCINE,
        "other_vaccine": "" if known else session.vaccine,
        "drop_in": session.drop_in,
        "by_appointment": session.by_appointment,
    }


def second_round_initial(starts_at: datetime, vaccine: str) -> dict[str, Any]:
    """The second round we offer (P6), as the form's fields; nothing when that time of day does not exist."""
    try:
        moment = offered_second_round(starts_at, vaccine)
    except UserError:
        return {"second_round": True}
    return {"second_round": True, "second_day": moment.date(), "second_starts": moment.time()}
