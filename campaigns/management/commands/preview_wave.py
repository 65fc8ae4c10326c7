"""`preview_wave --municipality CODE --template T --filter JSON [--now T]`: what a wave would do, without making one."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand
from outreach.errors import UserError
from outreach.messaging.prices import kroner
from popup_sites.models import VaccinationSession
from registry.models import FollowUp, Municipality, Programme

from ...sending_window import window_for
from ...services.waves import WaveSpec, preview_wave
from ...waves.audience import WaveFilter
from ...waves.exclusions import LeftOut

# Keys of the filter that are no part of whom it names.
OWN = ("programme", "session", "per_minute", "missing_text")


class Command(OutreachCommand):
    """Reads only. `programme`, `session`, `per_minute` and `missing_text` may stand in the filter too."""

    help = "Count a wave's audience, who is left out and why, segments, price, time and room."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", required=True)
        parser.add_argument("--template", required=True, help="a text's code: please_call, please_reply, popup_near …")
        parser.add_argument("--filter", default="{}", help="JSON: groups, parishes, languages, statuses, age_from …")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now, started = self.moment(options), time.monotonic()
        municipality = _municipality(options["municipality"])
        given = _given(options["filter"])
        with self.acting_as_job("wave-preview", [municipality.pk]):
            spec = WaveSpec(
                municipality=municipality,
                programme=_programme(given.get("programme"), municipality),
                template_code=options["template"],
                chosen=WaveFilter.from_stored({name: each for name, each in given.items() if name not in OWN}),
                starts_at=now,
                per_minute=int(given.get("per_minute") or window_for(municipality.pk).messages_per_minute),
                missing_text=given.get("missing_text") or "danish",
                session=_session(given.get("session", given.get("near_session"))),
            )
            preview = preview_wave(spec, now=now)
        return {
            "audience": preview.audience,
            "recipients": preview.recipients,
            "exclusions": {reason.value: preview.left_out.get(reason, 0) for reason in LeftOut},
            "segments": preview.segments,
            "price": _price(preview.ore),
            "currency": "DKK",
            "texts": [
                {
                    "language": text.language,
                    "version": text.version,
                    "recipients": text.recipients,
                    "segments": text.segments,
                    "unicode": text.unicode,
                    "forcing_characters": list(text.forcing),
                }
                for text in preview.texts
            ],
            "starts_at": preview.starts_at,
            "ends_at": preview.ends_at,
            "room": None if preview.room is None else {"free": preview.room.free, "enough": preview.room.enough},
            "seconds": round(time.monotonic() - started, 2),
        }


def _municipality(code: str) -> Municipality:
    found = Municipality.objects.filter(code=int(code)).first() if code.isdigit() else None
    if found is None:
        raise UserError("municipality_unknown", f"»{code}« er ingen kommunekode. Skriv fx 0183.")
    return found


def _given(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise UserError("wave_filter", 'Filteret skal være et JSON-objekt, fx {"groups": ["7"]}.')
    return given


def _programme(code: str | None, municipality: Municipality) -> Programme:
    """The one named, else the one in which the municipality has most open follow-ups."""
    if code is not None:
        found = Programme.objects.filter(code=code).first()
        if found is None:
            raise UserError("programme_unknown", f"Vaccinationsprogrammet »{code}« findes ikke.")
        return found
    programmes = Programme.objects.filter(active=True).order_by("pk")
    return max(
        programmes, key=lambda each: FollowUp.objects.open().filter(municipality=municipality, programme=each).count()
    )


def _session(key: Any) -> VaccinationSession | None:
    if key is None:
        return None
    found = VaccinationSession.objects.select_related("site").filter(pk=key).first()
    if found is None:
        raise UserError("session_unknown", f"Der er ingen åbningstid nr. {key}.")
    return found


def _price(ore: Decimal | None) -> float | None:
    return None if ore is None else float(kroner(ore))
