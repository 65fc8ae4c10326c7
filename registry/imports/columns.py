"""Which of a file's columns is which of ours: by synonyms, or as a person mapped them. Pure, and free of Django:
the reading child imports it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..headers import normalise_header

HEADER_SEARCH_ROWS = 30  # a header further down than this is not looked for
NUMBER_LIKE = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class Column:
    """One of our columns: its name, what people call it, other headers it is known by, whether a file must have it."""

    name: str
    title: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


SSI_LIST = (
    Column("cpr", "CPR-nummer", ("cpr", "cprnr", "cpr nr", "personnummer", "cpr-nummer", "pnr"), required=True),
    Column("name", "Navn", ("navn", "borger", "borgernavn", "fulde navn", "name", "adresseringsnavn"), required=True),
    Column("target_group", "Målgruppe", ("målgruppe", "maalgruppe", "målgruppenr", "gruppe", "maalgruppenummer", "mg")),
    Column(
        "invited_on",
        "Inviteret",
        ("inviteret", "invitationsdato", "inviteret dato", "dato for invitation", "invitation", "inviteret den"),
        required=True,
    ),
    Column(
        "municipality",
        "Kommunekode",
        ("kommunekode", "kommune", "kommunenr", "komkod", "bopælskommune", "bopælskommunekode", "kommunenummer"),
    ),
    Column("programme", "Vaccinationsprogram", ("vaccinationsprogram", "program", "vaccine", "vaccination", "sygdom")),
)
CITIZENS = (
    Column("cpr", "cpr", ("cpr-nummer", "cprnr", "personnummer", "pnr"), required=True),
    Column("name", "navn", ("fulde navn", "borgernavn", "adresseringsnavn"), required=True),
    Column("address", "adresse", ("vejadresse", "gadeadresse", "standardadresse")),
    Column("postal_code", "postnr", ("postnummer",)),
    Column("city", "by", ("postdistrikt", "bynavn")),
    Column("parish", "sognekode", ("sogn", "sognenr")),
    Column("phone", "telefon", ("telefonnummer", "tlf", "fastnet", "fastnettelefon")),
    Column("mobile", "mobil", ("mobilnummer", "mobiltelefon", "mobilnr")),
    Column("email", "email", ("e-mail", "mail", "e-mailadresse")),
    Column("language", "sprog", ("sprogkode", "modersmål")),
    Column("needs_interpreter", "tolk", ("tolkebehov", "tolkebistand")),
    Column("care_home", "plejehjem", ("plejebolig", "bor på plejehjem")),
    Column("personal_care", "personlig_pleje", ("pleje",)),
    Column("practical_help", "praktisk_hjaelp", ("praktisk hjælp",)),
    Column("home_nursing", "hjemmesygepleje", ("sygepleje",)),
    Column("guardian_name", "vaerge_navn", ("værge navn", "værge")),
    Column("guardian_phone", "vaerge_telefon", ("værge telefon",)),
    Column("relative_name", "paaroerende_navn", ("pårørende navn", "pårørende")),
    Column("relative_phone", "paaroerende_telefon", ("pårørende telefon",)),
    Column("digital_post_exempt", "digital_post_fritaget", ("fritaget for digital post",)),
    Column("protected_until", "adressebeskyttet_til", ("navne- og adressebeskyttelse til", "beskyttet til")),
    Column("protected", "adressebeskyttet", ("navne- og adressebeskyttelse", "beskyttet adresse")),
    Column("status", "cpr_status", ("status", "civilregistreringsstatus")),
    Column("previous_cpr", "tidligere_cpr", ("tidligere cpr-nummer", "gammelt cpr")),
    Column("valid_cpr", "gaeldende_cpr", ("gældende cpr-nummer", "gældende cpr", "nyt cpr", "pnrgaeld")),
    Column("birth_date", "foedselsdato", ("fødselsdato", "født")),
)
# The institution register's own headers; what it says of heads, telephones and owners never leaves the child.
INSTITUTIONS = (
    Column("number", "INST_NR", ("institutionsnr",), required=True),
    Column("name", "INST_NAVN", ("institutionsnavn",), required=True),
    Column("type_name", "INST_TYPE_NAVN", ("institutionstype",), required=True),
    Column("type_group", "INST_TYPE_GRUPPE"),
    Column("address", "INST_ADR"),
    Column("postal_code", "POSTNR"),
    Column("city", "POSTDISTRIKT"),
    Column("municipality", "BEL_KOMMUNE"),
    Column("administered_by", "KOMMUNE_NR"),
    Column("latitude", "GEO_BREDDE_GRAD"),
    Column("longitude", "GEO_LAENGDE_GRAD"),
    Column("closed_on", "NEDLAGT_DATO", ("nedlagt", "nedlæggelsesdato", "lukkedato", "ophørsdato")),
)
# The columns of a reference table are the table's own: whoever reads names them all by `mapping`.
REFERENCE_TABLE: tuple[Column, ...] = ()
# L8: earlier contacts from the municipality's own spreadsheets. A row names a citizen by CPR number or by phone.
CONTACTS = (
    Column("cpr", "CPR-nummer", ("cpr", "cprnr", "cpr nr", "personnummer", "pnr")),
    Column("phone", "Telefon", ("telefonnummer", "tlf", "tlf nr", "mobil", "mobilnummer", "nummer")),
    Column(
        "contacted_on",
        "Dato",
        ("kontaktdato", "opkaldsdato", "ringet den", "dato for kontakt", "kontaktet"),
        required=True,
    ),
    Column("answer", "Svar", ("resultat", "udfald", "status", "tilbagemelding", "hvad sagde borgeren"), required=True),
    Column("who", "Hvem", ("ringet af", "medarbejder", "initialer", "init", "sagsbehandler", "kontaktet af", "af")),
    Column("programme", "Vaccinationsprogram", ("program", "vaccine", "vaccination")),
    Column("kind", "Kanal", ("kontaktform", "måde", "type", "hvordan")),
    Column("barrier", "Årsag", ("grund", "begrundelse", "hvorfor")),
    Column("note", "Bemærkning", ("bemærkninger", "note", "noter", "kommentar", "kommentarer")),
)
SPECIFICATIONS: dict[str, tuple[Column, ...]] = {
    "list": SSI_LIST,
    "citizens": CITIZENS,
    "institutions": INSTITUTIONS,
    "reference_table": REFERENCE_TABLE,
    "contacts": CONTACTS,
}


@dataclass(frozen=True)
class Proposal:
    """Where our columns are in a header (name → position), what nobody needs, and what is wrong or missing."""

    positions: dict[str, int]
    dropped: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)


def _known_headers(columns: Sequence[Column], mapping: Mapping[str, str]) -> dict[str, str]:
    """Normalised header → our name. What a person mapped replaces the synonyms of that column."""
    known: dict[str, str] = {}
    for column in columns:
        if column.name in mapping:
            continue
        for synonym in (column.title, column.name, *column.synonyms):
            known[normalise_header(synonym)] = column.name
    # "" is what a person said of a column that the file has not.
    known |= {normalise_header(theirs): ours for ours, theirs in mapping.items() if theirs}
    return known


def own_name(text: str, kind: str) -> str | None:
    """Our column that somebody means by `text`: its name, its title or a synonym; None for none."""
    return _known_headers(SPECIFICATIONS[kind], {}).get(normalise_header(text))


def propose(header: Sequence[str], kind: str, mapping: Mapping[str, str]) -> Proposal:
    """Find our columns of a specification ("list", "citizens") in a header; `mapping`: our name → their header.

    A header that stands twice, or two headers for one column, are duplicates: never the last wins (IH03).
    """
    columns = SPECIFICATIONS[kind]
    known = _known_headers(columns, mapping)
    positions: dict[str, int] = {}
    dropped, duplicates = [], []
    for position, text in enumerate(header):
        ours = known.get(normalise_header(text))
        if ours is None:
            if text.strip():
                dropped.append(text.strip()[:80])
        elif ours in positions:
            duplicates += [header[positions[ours]].strip(), text.strip()]
        else:
            positions[ours] = position
    missing = [column.title for column in columns if column.required and column.name not in positions]
    return Proposal(positions, dropped, missing, duplicates)


def find_header(rows: Sequence[Sequence[str]], kind: str, mapping: Mapping[str, str]) -> int | None:
    """The position of the header among a file's first rows: where most of our columns are; None when nowhere.

    Title lines above it are passed over. With no column recognised at all, a first row that is words only may be a
    header of strange names, which a person can map; a row of data may not (IH01).
    """
    best, best_count = None, 0
    for position, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        count = len(propose(row, kind, mapping).positions)
        if count > best_count:
            best, best_count = position, count
    if best is not None:
        return best
    for position, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) >= 2:
            return None if any(NUMBER_LIKE.search(cell) for cell in filled) else position
    return None
