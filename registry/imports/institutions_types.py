"""What the institution register calls its types, and which of our kinds each is. Pure.

A type that is not here becomes "other" and is named in the receipt, so that somebody can add it.
"""

from __future__ import annotations

from ..models import InstitutionKind

_TYPES: dict[InstitutionKind, tuple[str, ...]] = {
    InstitutionKind.SCHOOL: (
        "Folkeskoler",
        "Friskoler og private grundskoler",
        "Efterskoler",
        "Efterskoler med særligt tilbud",
        "Specialskoler for børn",
        "Ungdomsskoler",
        "Kommunale ungdomsskoler",
        "Kommunale ungdomsskoler og ungdomskostskoler",
        "Kommunale internationale grundskoler",
        "Internationale grundskoler",
        "Dagbehandlingstilbud og behandlingshjem",
        "Grundskoler",
        "Grundskoler mv.",
    ),
    InstitutionKind.UPPER_SECONDARY: (
        "Gymnasier",
        "Gymnasieskoler",
        "Almene gymnasier",
        "Private gymnasier",
        "Gymnasier og hf-kurser",
        "Gymnasieskoler og hf-kurser",
        "Hf-kurser",
        "Studenterkurser",
        "Private studenterkurser",
    ),
    InstitutionKind.SOSU: ("Social- og sundhedsskoler", "Sosu-skoler", "SOSU"),
    InstitutionKind.VOCATIONAL: (
        "Erhvervsskoler",
        "Tekniske skoler",
        "Handelsskoler",
        "Landbrugsskoler",
        "Landbrugsuddannelser",
        "Kombinationsskoler",
        "AMU-centre",
        "Tekniske erhvervsskoler",
        "Merkantile erhvervsskoler",
    ),
    InstitutionKind.FGU: (
        "FGU",
        "FGU-skoler",
        "FGU-institutioner",
        "Forberedende grunduddannelse",
        "Forberedende grunduddannelse (FGU)",
        # What FGU replaced in 2019; older extracts still say it.
        "Produktionsskoler",
    ),
    InstitutionKind.HIGHER_EDUCATION: (
        "Universiteter",
        "Professionshøjskoler",
        "Erhvervsakademier",
        "Maritime uddannelsesinstitutioner",
        "Kunstneriske uddannelsesinstitutioner",
    ),
    InstitutionKind.CARE_HOME: ("Plejehjem", "Plejecentre", "Plejeboliger"),
    InstitutionKind.OTHER: (
        "Voksenuddannelsescentre",
        "Voksenuddannelsescentre (VUC)",
        "Folkehøjskoler",
        "Højskoler",
        "Sprogcentre",
        "Daginstitutioner",
    ),
}
KIND_OF_TYPE = {name.casefold(): kind for kind, names in _TYPES.items() for name in names}


def kind_of_type(type_name: str, type_group: str = "") -> InstitutionKind | None:
    """Our kind for the register's type, else for its group of types; None for a type nobody has placed."""
    for text in (type_name, type_group):
        kind = KIND_OF_TYPE.get(" ".join(text.split()).casefold())
        if kind is not None:
            return kind
    return None
