"""What this app erases when its time is up; found by `outreach.privacy.retention`.

In this order: what depends on a case goes after the words, and the citizen goes last.
"""

from django.utils.translation import gettext_lazy as _

from outreach.privacy.retention import Kept, RetentionKind

from .imports.earlier_contacts_erasure import end_untouched_files, erase_ended_files, erase_orphans, erase_unused_rows
from .imports.letter_erasure import erase_letter_files, erase_orphaned_letter_files
from .services import forgetting
from .services.inbox.forgetting import (
    EVENT_DAYS,
    NUMBER_ROUTE_DAYS,
    STRANGER_DAYS,
    erase_gateway_events,
    erase_routes,
    erase_strangers,
)
from .services.letters.files import KEPT as LETTER_FILES

RAW, WORDS, CASE = "RAW_FILE_DAYS", "MESSAGE_DAYS", "CONTACT_DAYS"
CASE_OVER = _("borgerens sidste opfølgning er afsluttet")
KINDS = [
    RetentionKind(
        "letter_files", _("Færdige breve som filer"), erase_letter_files, LETTER_FILES.days, _("brevene er lavet")
    ),
    RetentionKind(
        "orphaned_letter_files",
        _("Brevfiler, som ingen bunke kender"),
        erase_orphaned_letter_files,
        1,
        _("filen er lagt"),
    ),
    RetentionKind(
        "earlier_contacts_files",
        _("Regneark med tidligere svar, der er afgjort"),
        erase_ended_files,
        0,
        _("filen er afgjort"),
    ),
    RetentionKind(
        "untouched_earlier_contacts",
        _("Tidligere svar, som ingen har taget stilling til"),
        end_untouched_files,
        RAW,
        _("nogen har rørt ved filen"),
    ),
    RetentionKind(
        "unused_earlier_contact_rows",
        _("Rækker med tidligere svar, som ingen bruger"),
        erase_unused_rows,
        RAW,
        _("filen er indlæst eller fortrudt"),
    ),
    RetentionKind(
        "earlier_contacts",
        _("Rækker med tidligere svar, som blev brugt, og hvad de ændrede"),
        forgetting.erase_earlier_contacts,
        "LIST_ROW_DAYS",
        _("filen er indlæst"),
        ("earlier_contacts",),
    ),
    RetentionKind("orphaned_earlier_contacts", _("Regneark, som ingen kender"), erase_orphans, 1, _("filen er lagt")),
    RetentionKind(
        "gateway_events",
        _("Meldinger fra sms-operatøren, som de kom"),
        erase_gateway_events,
        EVENT_DAYS,
        _("meldingen er behandlet"),
        ("gateway_events",),
    ),
    RetentionKind(
        "gateway_routes",
        _("Hvilken kommune en sms hører til"),
        erase_routes,
        NUMBER_ROUTE_DAYS,
        _("den sidste sms gik til nummeret"),
        ("number_routes",),
    ),
    RetentionKind(
        "unknown_senders",
        _("Svar fra numre, som ingen kender"),
        erase_strangers,
        STRANGER_DAYS,
        _("det sidste svar kom"),
    ),
    RetentionKind(
        "wave_places",
        _("Hvem der fik en sms-udsendelse; resultatet bliver stående"),
        forgetting.erase_wave_places,
        WORDS,
        _("udsendelsen er færdig"),
        ("wave",),
    ),
    RetentionKind(
        "message_words",
        _("Tekst og nummer i sms'er til borgere; at de er sendt, bliver stående som forsøg"),
        forgetting.erase_words,
        WORDS,
        _("sms'en er nået frem eller opgivet"),
        ("message",),
    ),
    RetentionKind(
        "messages", _("Hvilke sms'er en borger har fået"), forgetting.erase_messages, CASE, CASE_OVER, ("message",)
    ),
    RetentionKind(
        "conversations",
        _("Svar fra borgere"),
        forgetting.erase_conversations,
        WORDS,
        _("det sidste svar kom"),
        ("conversation",),
    ),
    RetentionKind(
        "undo",
        _("Det, et svar kunne fortrydes med"),
        forgetting.erase_undo,
        0,
        _("svaret ikke længere kan fortrydes"),
        ("contact",),
    ),
    RetentionKind(
        "health_talks",
        _("Rådgiverens fagsamtaler: bekymringer og notater"),
        forgetting.erase_talks,
        "HEALTH_TALK_DAYS",
        _("fagsamtalen er afsluttet"),
        ("health_talk",),
    ),
    RetentionKind("bookings", _("Bookinger og forløb"), forgetting.erase_bookings, CASE, CASE_OVER, ("booking",)),
    RetentionKind("letters", _("Hvem der fik hvilket brev"), forgetting.erase_letters, CASE, CASE_OVER, ("letter",)),
    RetentionKind(
        "contacts", _("Kontaktforsøg, svar og notater"), forgetting.erase_contacts, CASE, CASE_OVER, ("contact",)
    ),
    RetentionKind("calls", _("Opkald i køen, der er slut"), forgetting.erase_calls, CASE, CASE_OVER, ("contact",)),
    RetentionKind(
        "lookup_claims",
        _("Hvem der leder efter hvilket nummer"),
        forgetting.erase_lookup_claims,
        1,
        _("opgaven er sluppet"),
        ("lookup_claim",),
    ),
    RetentionKind(
        "gone_citizens",
        _("Borgere, der er døde, flyttet eller udrejst"),
        forgetting.erase_gone_citizens,
        "GONE_CITIZEN_DAYS",
        _("det blev kendt, når intet andet er gemt om dem"),
        ("citizen",),
    ),
    RetentionKind(
        "case_citizens",
        _("Borgere uden CPR-nummer, og alle i en kommune uden borgerfiler"),
        forgetting.erase_case_citizens,
        "GONE_CITIZEN_DAYS",
        _("de sidst blev ændret, når deres opfølgninger er slettet og intet andet er gemt om dem"),
        ("citizen",),
    ),
]
KEPT = [
    Kept(
        "living_citizen",
        _("Borgere med CPR-nummer, der bor i kommunen"),
        _(
            "Navn, adresse og numre bliver stående, også når borgeren ikke længere er i kommunens borgerfil eller kun "
            "har stået på en liste: programmet ved ikke, hvem den seneste fil nævnte uændret. De slettes efter fristen "
            "ovenfor, når de er døde, udrejst, uden for kommunen eller fortalt flyttet."
        ),
    ),
    Kept(
        "opt_out",
        _("Framelding fra sms"),
        _("Så længe der sendes sms'er: den, der har sagt stop, skal ikke spørges igen. Kun en nøgle til nummeret."),
    ),
    Kept(
        "vocabulary",
        _("Ord fra tidligere regneark, og hvad de betyder"),
        _("Korte ord uden tal og uden borger, så den næste fil kan læses."),
    ),
]
