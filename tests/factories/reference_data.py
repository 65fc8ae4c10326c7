"""Institution registers and boundary files as their makers write them, with invented content."""

from collections.abc import Sequence
from pathlib import Path

import numpy
import pyogrio.raw
import shapely

REGISTER_HEADER = [
    "HOVEDSKOLE_INST", "INST_NR", "INST_NAVN", "ENHEDSART", "INST_ADR",
    "POSTNR", "POSTDISTRIKT", "TLF_NR", "E_MAIL", "WEB_ADR",
    "INST_TYPE_NR", "INST_TYPE_NAVN", "INST_TYPE_GRUPPE", "UNDERV_NIV", "INST_LEDER",
    "CVR_NR", "KOMMUNE_NR", "ADM_KOMMUNE_NAVN", "BEL_KOMMUNE", "BEL_KOMMUNE_NAVN",
    "BEL_REGION", "REGION_NAVN", "EJER_KODE", "EJERKODE_NAVN", "P_NR",
    "VEJKODE", "GEO_BREDDE_GRAD", "GEO_LAENGDE_GRAD",
]  # fmt: skip


def register_row(number: str, name: str, **cells: str) -> dict[str, str]:
    """A row of the register: a primary school in Ishøj unless the cells say otherwise."""
    usual = {"INST_TYPE_NAVN": "Folkeskoler", "BEL_KOMMUNE": "183", "INST_LEDER": "Opdigtet Leder"}
    return usual | {"INST_NR": number, "INST_NAVN": name} | cells


def register_file(
    path: Path,
    rows: Sequence[dict[str, str]],
    *,
    encoding: str = "utf-16",
    delimiter: str = ";",
    extra: Sequence[str] = (),
) -> Path:
    """The register as a file; "utf-16" writes UTF-16-LE with its mark, as the register's own extract is."""
    header = [*REGISTER_HEADER, *extra]
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    text = "".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) + "\r\n" for line in lines
    )
    if encoding == "utf-16":
        path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    else:
        path.write_bytes(text.encode(encoding))
    return path


def boundary_file(
    path: Path, parishes: Sequence[tuple[object, shapely.Geometry]], *, system: str | None = "EPSG:25832"
) -> Path:
    """A DAGI-like file: GeoPackage or GeoJSON by the name's ending, codes in `sognekode`."""
    is_package = path.suffix == ".gpkg"
    pyogrio.raw.write(
        str(path),
        geometry=shapely.to_wkb(numpy.array([shape for _, shape in parishes], dtype=object)),
        field_data=[numpy.array([str(code) for code, _ in parishes], dtype=object)],
        fields=numpy.array(["sognekode"]),
        geometry_type="Unknown",
        crs=system,
        driver="GPKG" if is_package else "GeoJSON",
        **({"layer": "sogneinddeling"} if is_package else {}),
    )
    return path
