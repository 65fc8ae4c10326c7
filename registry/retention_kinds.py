"""What this app erases when its time is up; found by `outreach.privacy.retention`."""

from django.utils.translation import gettext_lazy as _

from outreach.privacy.retention import RetentionKind

from .imports.raw_files import (
    end_untouched_lists,
    erase_dropped_files,
    erase_held_citizen_files,
    erase_national_files,
    erase_orphans,
    erase_raw_files,
)

KINDS = [
    RetentionKind("raw_files", _("Rå filer fra lister, der er afsluttet"), erase_raw_files),
    RetentionKind("untouched_lists", _("Lister, som ingen har taget stilling til"), end_untouched_lists),
    RetentionKind("national_files", _("Landsdækkende filer, der ikke er delt"), erase_national_files),
    RetentionKind("held_citizen_files", _("Borgerfiler, som ingen har godkendt"), erase_held_citizen_files),
    RetentionKind("orphaned_files", _("Filer, som ingen liste eller indlæsning kender"), erase_orphans),
    RetentionKind("dropped_files", _("Filer lagt til side i afleveringsmappen"), erase_dropped_files),
]
