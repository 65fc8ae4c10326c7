"""What this app erases when its time is up; found by `outreach.privacy.retention`."""

from django.utils.translation import gettext_lazy as _

from outreach.privacy.retention import Kept, RetentionKind

from .imports.raw_files import (
    end_untouched_lists,
    erase_dropped_files,
    erase_held_citizen_files,
    erase_national_files,
    erase_orphans,
    erase_raw_files,
)
from .services.forgetting import erase_differences, erase_follow_ups, erase_list_rows, erase_referred_access

RAW = "RAW_FILE_DAYS"
KINDS = [
    RetentionKind(
        "raw_files", _("Rå filer fra lister, der er afsluttet"), erase_raw_files, RAW, _("listen er afgjort")
    ),
    RetentionKind(
        "untouched_lists",
        _("Lister, som ingen har taget stilling til"),
        end_untouched_lists,
        RAW,
        _("nogen har rørt ved listen"),
    ),
    RetentionKind(
        "list_rows",
        _("Rækker fra indlæste lister, undtagen den nyeste i hvert program og i hver bestilling, der gælder"),
        erase_list_rows,
        "LIST_ROW_DAYS",
        _("listen er indlæst"),
        ("list_row",),
    ),
    RetentionKind(
        "follow_ups",
        _("Afsluttede opfølgninger med deres historik"),
        erase_follow_ups,
        "FOLLOW_UP_DAYS",
        _("opfølgningen er afsluttet og ingen liste har nævnt borgeren"),
        ("follow_up",),
    ),
    RetentionKind(
        "citizen_differences",
        _("Afgjorte forskelle mellem filer og rettelser"),
        erase_differences,
        RAW,
        _("forskellen er afgjort"),
        ("citizen_difference",),
    ),
    RetentionKind(
        "referred_access",
        _("Rådgiverens adgang til at se tilbage på en fagsamtale"),
        erase_referred_access,
        1,
        _("adgangen er udløbet"),
        ("referred_access",),
    ),
    RetentionKind(
        "national_files",
        _("Landsdækkende filer, der ikke er delt"),
        erase_national_files,
        RAW,
        _("filen er modtaget"),
    ),
    RetentionKind(
        "held_citizen_files",
        _("Borgerfiler, som ingen har godkendt"),
        erase_held_citizen_files,
        RAW,
        _("filen er modtaget"),
    ),
    RetentionKind(
        "orphaned_files", _("Filer, som ingen liste eller indlæsning kender"), erase_orphans, 1, _("filen er lagt")
    ),
    RetentionKind(
        "dropped_files", _("Filer lagt til side i afleveringsmappen"), erase_dropped_files, RAW, _("filen er lagt")
    ),
]
KEPT = [
    Kept(
        "staff_record",
        _("Hvem der har indlæst, godkendt og rettet"),
        _("Står ved listen, teksten eller reglen, så længe den selv findes. Nævner ingen borger."),
    ),
]
