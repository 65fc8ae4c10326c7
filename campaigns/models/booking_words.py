"""The words of booking on behalf and of the chain around a booked time (K11, K14)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# Monday 0, as Python counts.
WEEKDAYS = [
    ("0", _("Mandag")),
    ("1", _("Tirsdag")),
    ("2", _("Onsdag")),
    ("3", _("Torsdag")),
    ("4", _("Fredag")),
    ("5", _("Lørdag")),
    ("6", _("Søndag")),
]


class BookingState(models.TextChoices):
    DRAFT = "draft", _("Kladde")
    # C5: the citizen's name and address are protected, and nobody has released them to the region yet.
    HELD = "held", _("Venter på frigivelse")
    SENT = "sent", _("Sendt til regionen")
    TAKEN = "taken", _("Regionen er i gang")
    PROPOSED = "proposed", _("Regionen foreslår en anden tid")
    CONFIRMED = "confirmed", _("Tid er bestilt")
    REFUSED = "refused", _("Regionen har sagt nej")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    CANCELLED = "cancelled", _("Aflyst")
    COMPLETED = "completed", _("Borgeren kom")
    NO_SHOW = "no_show", _("Borgeren kom ikke")


class PartOfDay(models.TextChoices):
    MORNING = "morning", _("Formiddag")
    AFTERNOON = "afternoon", _("Eftermiddag")
    EVENING = "evening", _("Aften")


class Mobility(models.TextChoices):
    NONE = "none", _("Går selv")
    ROLLATOR = "rollator", _("Rollator")
    WHEELCHAIR = "wheelchair", _("Kørestol")
    STRETCHER = "stretcher", _("Liggende")


class ConfirmTo(models.TextChoices):
    """Whom the municipality tells of the time."""

    CITIZEN = "citizen", _("Borgeren selv")
    RELATIVE = "relative", _("En pårørende")
    GUARDIAN = "guardian", _("Værgen")


class RefusalReason(models.TextChoices):
    NO_TIMES = "no_times", _("Ingen ledige tider")
    NOT_INVITED = "not_invited", _("Borgeren kan ikke tilbydes vaccination nu")
    ALREADY = "already", _("Borgeren har allerede en tid")
    WISHES = "wishes", _("Ønskerne kan ikke opfyldes")
    OTHER = "other", _("Andet")


class ToldHow(models.TextChoices):
    SMS = "sms", _("sms")
    CALL = "call", _("opkald")
    LETTER = "letter", _("brev")
    RELATIVE = "relative", _("pårørende eller værge")


class RouteTask(models.TextChoices):
    BOOK = "book", _("Find en tid")
    CANCEL = "cancel", _("Aflys tiden")


class RouteEnd(models.TextChoices):
    """Why a request fell away without an answer, in no more words than the region needs (C3)."""

    NOT_FOLLOWED = "not_followed", _("Borgeren er ikke længere omfattet af kommunens opfølgning")
    HELD_BACK = "held_back", _("Kommunen skal først frigive borgerens oplysninger")


class ReminderKind(models.TextChoices):
    DAYS = "days", _("nogle dage før")
    EVENING = "evening", _("aftenen før")
    BY_HAND = "by_hand", _("sendt af en medarbejder")


class LinkKind(models.TextChoices):
    RIDE = "ride", _("Kørsel")
    HELPER = "helper", _("Hjælper fra hjemmeplejen")
    ESCORT = "escort", _("Ledsager")
    INTERPRETER = "interpreter", _("Tolk")
    SECOND_DOSE = "second_dose", _("Anden dosis")


class LinkState(models.TextChoices):
    NEEDED = "needed", _("Skal aftales")
    AGREED = "agreed", _("Aftalt")
    AGAIN = "again", _("Skal aftales igen")
    DONE = "done", _("Gennemført")
    CANCELLED = "cancelled", _("Aflyst")


class Provider(models.TextChoices):
    HOME_CARE = "home_care", _("Hjemmeplejen")
    TRANSPORT_OFFICE = "transport", _("Kørselsafdelingen")
    MUNICIPALITY = "municipality", _("Kommunen i øvrigt")
    ASSOCIATION = "association", _("Forening")
    REGION = "region", _("Regionen")
    RELATIVES = "relatives", _("Pårørende")
    INTERPRETING = "interpreting", _("Tolkeservice")


class ChainEvent(models.TextChoices):
    STARTED = "started", _("Forløbet begyndte")
    ADDED = "added", _("Tilføjet")
    AGREED = "agreed", _("Aftalt")
    MOVED = "moved", _("Flyttet med tiden")
    FLAGGED = "flagged", _("Skal aftales igen")
    CANCELLED = "cancelled", _("Aflyst")
    DONE = "done", _("Gennemført")
    HANDED_OVER = "handed_over", _("Overdraget")
    ENDED = "ended", _("Forløbet sluttede")
