"""What this app erases when its time is up; found by `outreach.privacy.retention`."""

from django.utils.translation import gettext_lazy as _

from outreach.privacy.retention import RetentionKind

from .imports.earlier_contacts_erasure import end_untouched_files, erase_ended_files, erase_orphans, erase_unused_rows

KINDS = [
    RetentionKind("earlier_contacts_files", _("Regneark med tidligere svar, der er afgjort"), erase_ended_files),
    RetentionKind(
        "untouched_earlier_contacts", _("Tidligere svar, som ingen har taget stilling til"), end_untouched_files
    ),
    RetentionKind("unused_earlier_contact_rows", _("Rækker med tidligere svar, som ingen bruger"), erase_unused_rows),
    RetentionKind("orphaned_earlier_contacts", _("Regneark, som ingen kender"), erase_orphans),
]
