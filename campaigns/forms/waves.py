"""The form of a wave: who, what and when (S3). Filtering counts as one goes; the same form saves."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.errors import UserError
from popup_sites.models import VaccinationSession
from registry.models import HousingArea, Institution, Municipality, Parish, ParishMunicipality, Programme
from registry.selectors.reference import target_groups

from ..models import MissingText, SmsWave
from ..sending_window import COPENHAGEN, Window, at_hour
from ..services.waves import WaveContent
from ..services.waves.texts import WAVE_TEXTS
from ..waves.audience import MAX_KM, Standing, WaveFilter

_FIELD_OF = {
    "wave_name": "name",
    "wave_pace": "per_minute",
    "wave_session": "session",
    "wave_needs_session": "session",
    "wave_needs_phone": "template_code",
    "template_missing": "template_code",
    "template_health": "template_code",
    "message_too_long": "template_code",
    "wave_expiry": "starts_on",
    "wave_too_slow": "per_minute",
    "wave_no_room": "no_room_reason",
}
HOLD_OUT_PERCENT = 10


def _boxes(label: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class WaveForm(forms.Form):
    """Everything about a wave that a person decides. `window` gives the pace that is proposed."""

    name = forms.CharField(
        label=_("Navn"), max_length=120, help_text=_("Så I kan kende den igen, fx »Byghaven lørdag«."),
        error_messages={"required": _("Skriv et navn til udsendelsen.")},
    )  # fmt: skip
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Vaccinationsprogram"), empty_label=None)
    template_code = forms.ChoiceField(label=_("Tekst"), choices=[(each.code, each.title) for each in WAVE_TEXTS])
    missing_text = forms.ChoiceField(
        label=_("Borgere uden en godkendt tekst på deres sprog"),
        choices=MissingText.choices,
        initial=MissingText.DANISH,
        widget=forms.RadioSelect,
    )
    session = forms.ModelChoiceField(
        VaccinationSession.objects.none(), label=_("Pop-up, sms'en handler om"), required=False,
        empty_label=_("Ingen bestemt"), help_text=_("Tid og sted kommer i teksten. Intet sendes, efter den er slut."),
    )  # fmt: skip
    within_km = forms.FloatField(
        label=_("Kun borgere inden for … km af den"), min_value=0.1, max_value=MAX_KM, required=False,
        help_text=_("Regnet fra midten af borgerens sogn; hjemmets eget sted kendes ikke."),
    )  # fmt: skip
    statuses = _boxes(_("Hvor langt de er"), choices=Standing.choices, help_text=_("Uden flueben: alle uden svar."))
    groups = _boxes(_("Målgrupper"))
    languages = _boxes(_("Sprog"))
    parishes = forms.ModelMultipleChoiceField(
        Parish.objects.none(), label=_("Sogne"), required=False, widget=forms.CheckboxSelectMultiple
    )
    housing_area = forms.ModelChoiceField(
        HousingArea.objects.none(), label=_("Boligområde"), required=False, empty_label=_("Alle"),
        help_text=_("Adresser, der begynder med områdets navn."),
    )  # fmt: skip
    streets = forms.CharField(
        label=_("Veje"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
        help_text=_("En vej på hver linje, fx Vejleåparken."),
    )  # fmt: skip
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Institution"), required=False, empty_label=_("Alle")
    )
    age_from = forms.IntegerField(label=_("Alder fra"), min_value=18, max_value=130, required=False)
    age_to = forms.IntegerField(label=_("Alder til og med"), min_value=18, max_value=130, required=False)
    weeks_from = forms.IntegerField(label=_("Uger på listen fra"), min_value=0, max_value=500, required=False)
    weeks_to = forms.IntegerField(label=_("Uger på listen til og med"), min_value=0, max_value=500, required=False)
    queued_calls = forms.BooleanField(
        label=_("Tag også dem med, der venter i opkaldskøen den dag (aftalte tidspunkter undtaget)"), required=False
    )
    starts_on = DanishDateField(label=_("Første dag"), error_messages={"required": _("Skriv en dato.")})
    starts_time = DanishTimeField(label=_("Fra kl."), error_messages={"required": _("Skriv et klokkeslæt.")})
    last_day = DanishDateField(label=_("Sidste dag"), required=False, help_text=_("Tom: til alle er sendt."))
    per_minute = forms.IntegerField(
        label=_("Højst pr. minut"), min_value=1, max_value=6000,
        help_text=_("Så telefonerne kan følge med, når folk ringer."),
    )  # fmt: skip
    hold_out = forms.BooleanField(
        label=_("Hold 10 % ude, trukket tilfældigt, så I bagefter kan se, om sms'en virkede"), required=False
    )
    no_room_reason = forms.CharField(
        label=_("Er der for få pladser på pop-up'en: hvorfor sendes den alligevel?"), max_length=300, required=False
    )
    # Nearly everything may be left empty: saying so at each would hide the rest.
    marks_optional = False

    def __init__(
        self,
        *args: Any,
        municipality: Municipality,
        now: datetime,
        window: Window,
        sessions: Any,
        languages: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        fields: Any = self.fields
        fields["programme"].queryset = Programme.objects.filter(active=True).order_by("pk")
        fields["session"].queryset = sessions
        fields["session"].label_from_instance = _session_label
        fields["institution"].queryset = Institution.objects.filter(municipality=municipality).order_by("name")
        fields["housing_area"].queryset = HousingArea.objects.filter(municipality=municipality).order_by("name")
        shared = ParishMunicipality.objects.filter(municipality=municipality)
        fields["parishes"].queryset = Parish.objects.filter(
            Q(main_municipality=municipality) | Q(pk__in=shared.values("parish"))
        ).order_by("name")
        fields["languages"].choices = languages
        fields["groups"].choices = _group_choices(fields["programme"].queryset, now)
        fields["per_minute"].initial = window.messages_per_minute
        self.window = window

    def clean(self) -> dict[str, Any]:
        """Spans in order, and a distance only from somewhere."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("within_km") and not cleaned.get("session"):
            self.add_error("within_km", _("Vælg den pop-up, afstanden regnes fra."))
        for first, last in (("age_from", "age_to"), ("weeks_from", "weeks_to")):
            low, high = cleaned.get(first), cleaned.get(last)
            if low is not None and high is not None and low > high:
                self.add_error(last, _("Tallet er lavere end det første. Ret et af dem."))
        return cleaned

    def chosen(self) -> WaveFilter:
        """The filter asked for."""
        data = self.cleaned_data
        near = bool(data["within_km"])
        return WaveFilter(
            groups=tuple(data["groups"]),
            parishes=tuple(sorted(parish.pk for parish in data["parishes"])),
            streets=tuple(line.strip() for line in data["streets"].splitlines() if line.strip()),
            housing_area=data["housing_area"].pk if data["housing_area"] else None,
            institution=data["institution"].pk if data["institution"] else None,
            languages=tuple(data["languages"]),
            statuses=tuple(data["statuses"]),
            weeks_from=data["weeks_from"],
            weeks_to=data["weeks_to"],
            age_from=data["age_from"],
            age_to=data["age_to"],
            near_session=data["session"].pk if near else None,
            within_km=data["within_km"] if near else None,
            queued_calls=data["queued_calls"],
        )

    def content(self) -> WaveContent:
        """The wave as the service takes it."""
        data = self.cleaned_data
        last = data["last_day"]
        return WaveContent(
            **{name: data[name] for name in ("name", "programme", "template_code", "missing_text", "session")},
            chosen=self.chosen(),
            starts_at=datetime.combine(data["starts_on"], data["starts_time"], tzinfo=COPENHAGEN),
            per_minute=data["per_minute"],
            expires_at=at_hour(last, self.window.closes) if last else None,
            hold_out_percent=HOLD_OUT_PERCENT if data["hold_out"] else 0,
            no_room_reason=data["no_room_reason"],
        )

    def refuse(self, error: UserError) -> None:
        """Put a refusal of the service at the field it is about."""
        self.add_error(_FIELD_OF.get(error.code), error.message)


def first_values(now: datetime, session: VaccinationSession | None) -> dict[str, Any]:
    """What the form proposes: a quarter of an hour from now, and, near a pop-up, the text about it."""
    starts = (now + timedelta(minutes=15)).astimezone(COPENHAGEN)
    values: dict[str, Any] = {
        "starts_on": starts.date(),
        "starts_time": time(starts.hour, starts.minute - starts.minute % 5),
        "missing_text": MissingText.DANISH,
    }
    if session is not None:
        values |= {
            "name": str(_("%(place)s i nærheden") % {"place": session.site.name})[:120],
            "programme": session.programme_id,
            "template_code": "popup_near",
            "session": session.pk,
            "within_km": 2,
        }
    return values


def values_of(wave: SmsWave) -> dict[str, Any]:
    """A wave as the form shows it."""
    chosen = WaveFilter.from_stored(wave.filter)
    starts = wave.starts_at.astimezone(COPENHAGEN)
    by_session = wave.session is not None and wave.expires_at == wave.session.ends_at
    return {
        **{name: getattr(chosen, name) for name in (
            "groups", "parishes", "housing_area", "institution", "languages", "statuses", "weeks_from", "weeks_to",
            "age_from", "age_to", "within_km", "queued_calls",
        )},
        "streets": "\n".join(chosen.streets),
        "name": wave.name,
        "programme": wave.programme_id,
        "template_code": wave.template_code,
        "missing_text": wave.missing_text,
        "session": wave.session_id,
        "starts_on": starts.date(),
        "starts_time": starts.time(),
        "last_day": None if by_session or wave.expires_at is None else localdate(wave.expires_at),
        "per_minute": wave.per_minute,
        "hold_out": wave.hold_out_percent > 0,
        "no_room_reason": wave.no_room_reason,
    }  # fmt: skip


class WaveSettingsForm(forms.Form):
    """A municipality's own rules."""

    second_person = forms.BooleanField(
        label=_("En anden end den, der laver udsendelsen, skal godkende den"), required=False
    )
    expected_percent = forms.IntegerField(
        label=_("Så mange af modtagerne regner I med kommer til en pop-up (procent)"), min_value=1, max_value=100
    )


def _session_label(session: VaccinationSession) -> str:
    starts = session.starts_at.astimezone(COPENHAGEN)
    return f"{session.site.name} · {starts:%d.%m.} kl. {starts:%H.%M}"


def _group_choices(programmes: Any, now: datetime) -> list[tuple[str, str]]:
    orders = {group.code: group.order for each in programmes for group in target_groups(each, localdate(now))}
    return [(code, code) for code in sorted(orders, key=lambda code: orders[code])]
