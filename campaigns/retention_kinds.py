"""What this app erases when its time is up; found by `outreach.privacy.retention`."""

from django.utils.translation import gettext_lazy as _

from outreach.privacy.retention import RetentionKind

from .imports.earlier_contacts_erasure import end_untouched_files, erase_ended_files, erase_orphans, erase_unused_rows
from .imports.letter_erasure import erase_letter_files, erase_orphaned_letter_files
from .services.inbox.forgetting import erase_gateway_events, erase_routes, erase_strangers

KINDS = [
    RetentionKind("letter_files", _("Færdige breve, 30 dage efter at de er lavet"), erase_letter_files),
    RetentionKind("orphaned_letter_files", _("Brevfiler, som ingen bunke kender"), erase_orphaned_letter_files),
    RetentionKind("earlier_contacts_files", _("Regneark med tidligere svar, der er afgjort"), erase_ended_files),
    RetentionKind(
        "untouched_earlier_contacts", _("Tidligere svar, som ingen har taget stilling til"), end_untouched_files
    ),
    RetentionKind("unused_earlier_contact_rows", _("Rækker med tidligere svar, som ingen bruger"), erase_unused_rows),
    RetentionKind("orphaned_earlier_contacts", _("Regneark, som ingen kender"), erase_orphans),
    RetentionKind("gateway_events", _("Meldinger fra sms-operatøren, som de kom"), erase_gateway_events),
    RetentionKind("gateway_routes", _("Hvilken kommune en sms hører til"), erase_routes),
    RetentionKind("unknown_senders", _("Svar fra numre, som ingen kender"), erase_strangers),
]
