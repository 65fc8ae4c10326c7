"""What is agreed around a booked time: who, when, from where, with what (K14); and whom a chain is handed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.access.models import User
from outreach.design.fields import DanishDateField, DanishTimeField
from outreach.errors import UserError
from popup_sites.local_times import COPENHAGEN, local_moment

from ..models import Aid, ChainLink, LinkKind, Provider
from ..services.bookings.chains import NOTE_LIMIT
from .widgets import ButtonChecks


class LinkForm(forms.Form):
    """One thing that hangs on the time. A ride has a place to pick up and aids that must fit in."""

    provider = forms.ChoiceField(
        label=_("Udføres af"), required=False, choices=[("", _("Ikke valgt")), *Provider.choices]
    )
    provider_name = forms.CharField(label=_("Navn eller nummer"), max_length=120, required=False)
    day = DanishDateField(label=_("Dato"))
    clock = DanishTimeField(label=_("Klokken"))
    pick_up = forms.CharField(label=_("Hentes her"), max_length=200, required=False)
    aids = forms.MultipleChoiceField(
        label=_("Skal med i bilen"), choices=Aid.choices, required=False, widget=ButtonChecks
    )
    note = forms.CharField(
        label=_("Note"), max_length=NOTE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    marks_optional = False

    def __init__(self, *args: Any, link: ChainLink, **kwargs: Any) -> None:
        at = link.at or link.request.booked_at
        local = at.astimezone(COPENHAGEN) if at else None
        known = {
            "provider": link.provider,
            "provider_name": link.provider_name,
            "day": local.date() if local else None,
            "clock": local.time() if local else None,
            "pick_up": link.pick_up,
            "aids": link.aids,
            "note": link.note,
        }
        super().__init__(*args, **{"initial": known, "prefix": f"link-{link.pk}"} | kwargs)
        if link.kind != LinkKind.RIDE:
            del self.fields["pick_up"], self.fields["aids"]

    def clean(self) -> dict[str, Any]:
        """The moment on the wall's clock; one that does not exist is refused (BK05)."""
        values = super().clean() or {}
        if values.get("day") and values.get("clock") is not None:
            try:
                values["at"] = local_moment(values["day"], values["clock"])
            except UserError as problem:
                self.add_error("clock", problem.message)
        return values

    def agreed(self) -> dict[str, Any]:
        """What the service takes. Call it on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("day", "clock")}


class HandOverForm(forms.Form):
    """The caseworker who keeps the chain together from now on."""

    to_user = forms.ModelChoiceField(User.objects.none(), label=_("Sagsbehandler"), empty_label=None)

    def __init__(self, *args: Any, caseworkers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["to_user"]
        chosen.queryset = User.objects.filter(pk__in=[user.pk for user in caseworkers])
        chosen.label_from_instance = lambda user: user.display_name
