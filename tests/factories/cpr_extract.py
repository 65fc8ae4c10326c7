"""CPR extracts in fixed width for tests: each field where `cpr_extract_records.csv` has it. Day + 60 numbers only."""

from __future__ import annotations

import io
from typing import Any

# 0-based first position and end, written down from the definitions and not taken from the reader.
POSITIONS = {
    "001": {"PNR": (3, 13), "PNRGAELD": (13, 23), "STATUS": (23, 25), "STATUSHAENSTART": (25, 37), "KOEN": (38, 39),
            "FOED_DT": (39, 49), "STILLING": (72, 106)},
    "003": {"PNR": (3, 13), "ADRNVN": (13, 47), "CONVN": (47, 81), "LOKALITET": (81, 115), "STANDARDADR": (115, 149),
            "BYNVN": (149, 183), "POSTNR": (183, 187), "POSTDISTTXT": (187, 207), "KOMKOD": (207, 211),
            "VEJKOD": (211, 215), "HUSNR": (215, 219), "ETAGE": (219, 221), "SIDEDOER": (221, 225)},
    "004": {"PNR": (3, 13), "BESKYTTYPE": (13, 17), "START_DT-BESKYTTELSE": (17, 27),
            "SLET_DT-BESKYTTELSE": (27, 37)},
    "008": {"PNR": (3, 13), "FORNVN": (13, 63), "MELNVN": (64, 104), "EFTERNVN": (105, 145), "ADRNVN": (159, 193)},
    "012": {"PNR": (3, 13), "CIVST": (13, 14)},
}  # fmt: skip
START = "000" + "0000000000" + "20210329"


def record(kind: str, **fields: str) -> str:
    """One line, every field in its place and blank where nothing is given (`SLET_DT_BESKYTTELSE` for the hyphen)."""
    places = POSITIONS[kind]
    line = list(kind.ljust(max(end for _, end in places.values())))
    for name, text in fields.items():
        first, end = places[name.replace("_DT_", "_DT-") if kind == "004" else name]
        line[first:end] = text[: end - first].ljust(end - first)
    return "".join(line)


def person(number: str, *, name: str = "Aase Birthe Prøve", status: str = "01", **fields: Any) -> list[str]:
    """The usual records of one person. `valid`: their valid number; `protection`: (type, until); `address`: False for
    none; others are fields of the address record."""
    first, _, rest = name.partition(" ")
    middle, _, last = rest.rpartition(" ")
    lines = [record("001", PNR=number, PNRGAELD=fields.pop("valid", ""), STATUS=status, KOEN="K")]
    if fields.pop("address", True):
        where = {"STANDARDADR": "Prøvevej 1, 2. tv", "POSTNR": "2635", "POSTDISTTXT": "Ishøj", "KOMKOD": "0183"}
        protection = fields.pop("protection", None)
        lines.append(record("003", PNR=number, **(where | fields)))
    else:
        protection = fields.pop("protection", None)
    if protection:
        kind, until = protection
        lines.append(record("004", PNR=number, BESKYTTYPE=kind, START_DT_BESKYTTELSE="2020-01-01",
                            SLET_DT_BESKYTTELSE=until))  # fmt: skip
    if name:
        lines.append(record("008", PNR=number, FORNVN=first, MELNVN=middle, EFTERNVN=last))
    return lines


def extract(*people: list[str], counted: int | None = None, encoding: str = "iso-8859-1") -> io.BytesIO:
    """A whole file with start and end record; `counted` is what the end record says, by default the truth."""
    lines = [line for each in people for line in each]
    end = "999" + "9999999999" + f"{len(lines) if counted is None else counted:08d}"
    return as_file([START, *lines, end], encoding)


def as_file(lines: list[str], encoding: str = "iso-8859-1") -> io.BytesIO:
    """Lines as they are delivered."""
    return io.BytesIO("".join(f"{line}\r\n" for line in lines).encode(encoding))
