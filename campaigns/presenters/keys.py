"""The keys of the call screen, for its own help."""

from __future__ import annotations

from django.utils.translation import gettext as _


def key_list(*, with_programmes: bool, with_household: bool) -> list[tuple[str, str]]:
    """Key and what it does, in the order of a call. The outcomes' own keys stand on their buttons."""
    keys = [
        ("l", _("Ring op")),
        ("1–0", _("Svar, når borgeren er truffet")),
        ("q–t", _("Svar, når borgeren ikke er truffet")),
        ("y", _("Flere svar: Andet …")),
        ("z–m", _("Svar på det spørgsmål, dit valg åbner")),
        ("j", _("Hvem du talte med")),
    ]
    if with_programmes:
        keys.append(("g", _("Et andet svar for et program")))
    if with_household:
        keys.append(("h", _("Svar for andre i husstanden")))
    return [
        *keys,
        ("n", _("Skriv en note")),
        ("Ctrl ↵", _("Gem, og tag den næste")),
        ("k", _("Fortryd det, du lige har gemt")),
        ("Esc", _("Ud af feltet, så tasterne virker")),
        ("/", _("Søg en borger")),
        ("?", _("Vis tasterne")),
    ]


def talk_keys() -> list[tuple[str, str]]:
    """The keys of a talk's screen."""
    return [
        ("l", _("Ring op")),
        ("1–8", _("Hvad der kom ud af fagsamtalen")),
        ("z–m", _("Svar på det spørgsmål, dit valg åbner")),
        ("j", _("Hvem du talte med")),
        ("n", _("Skriv en helbredsnote")),
        ("Ctrl ↵", _("Gem, og tag den næste")),
        ("k", _("Fortryd det, du lige har gemt")),
        ("Esc", _("Ud af feltet, så tasterne virker")),
        ("?", _("Vis tasterne")),
    ]
