"""What the access log keeps; found by `outreach.privacy.retention`."""

from django.utils.translation import gettext_lazy as _

from outreach.privacy.retention import Kept, RetentionKind

KINDS: list[RetentionKind] = []
KEPT = [
    Kept(
        "access_log",
        _("Adgangsloggen"),
        _("Programmet kan kun skrive i den, ikke rette eller slette. Databasens ejer sletter det, der er forældet."),
    ),
]
