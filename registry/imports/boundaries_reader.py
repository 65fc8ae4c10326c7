"""The reading child of boundary files, `python -m registry.imports.boundaries_reader`: GDAL meets the file here only.

Runs without Django, keys or database, under memory and time limits, and may not write files. A job on standard input;
on standard output JSON lines: {"header": …}, one line per parish, last {"end": …}. Or {"refused": code, "values": …}.

All parishes of a file are simplified at once, so that neighbours keep the border they share.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import pyogrio.raw
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from .refusals import Refusal

CODE_FIELDS = ("sognekode", "sogn_kode", "sognenr", "sogn_nr", "kode")
# GDAL knows a hundred formats; these two are read.
DRIVERS = ("GeoJSON", "GPKG")
MOST_FEATURES = 20_000
MOST_VERTICES = 40_000_000
METRES, DEGREES = "EPSG:25832", "EPSG:4326"
# Denmark with Bornholm and some water: west, south, east, north.
BOX_DEGREES = (7.0, 54.0, 16.0, 58.5)
SHAPE_METRES, OUTLINE_METRES = 10.0, 50.0
OUTLINE_DECIMALS = 5  # about a metre
# The lists in a refusal or receipt keep this many names.
NAMES_KEPT = 20


def main() -> int:
    """Read one file. The exit code is 0 also for a refused file; anything else is the child's death."""
    job = json.loads(sys.stdin.readline())
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"], job["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        _read(Path(job["path"]))
    except Refusal as refusal:
        _say({"refused": refusal.code, "values": refusal.values})
    except MemoryError:
        _say({"refused": "too_large_to_read", "values": {}})
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, shapely.errors.GEOSException):
        _say({"refused": "unreadable", "values": {}})
    return 0


def _read(path: Path) -> None:
    layer, code_field = _parish_layer(path)
    information = pyogrio.read_info(path, layer=layer)
    if information["driver"] not in DRIVERS:
        raise Refusal("unreadable")
    if information["features"] > MOST_FEATURES:
        raise Refusal("too_large_to_read")
    system = _coordinate_system(information["crs"])
    _meta, _ids, wkb, (codes,) = pyogrio.raw.read(path, layer=layer, columns=[code_field], force_2d=True)
    geometries = shapely.from_wkb(wkb, on_invalid="ignore")
    if int(shapely.get_num_coordinates(geometries).sum()) > MOST_VERTICES:
        raise Refusal("too_large_to_read")
    _refuse_elsewhere(geometries, system)
    if system == DEGREES:
        geometries = _transformed(geometries, DEGREES, METRES)
    invalid = ~shapely.is_valid(geometries) & ~shapely.is_missing(geometries)
    geometries[invalid] = shapely.make_valid(geometries[invalid], method="structure")
    parishes, unreadable = _by_parish(codes, geometries)
    _say({"header": {"coordinate_system": system, "rows": len(wkb), "repaired": int(invalid.sum())}})
    if parishes:
        _say_parishes(parishes)
    _say({"end": True, "unreadable": unreadable[:NAMES_KEPT], "unreadable_count": len(unreadable)})


def _parish_layer(path: Path) -> tuple[str, str]:
    """The layer that has parish codes and the name of that field; one named after parishes comes first."""
    layers = [str(name) for name, _kind in pyogrio.list_layers(path)]
    for layer in sorted(layers, key=lambda name: "sogn" not in name.casefold()):
        fields = {str(name).casefold(): str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]}
        for wanted in CODE_FIELDS:
            if wanted in fields:
                return layer, fields[wanted]
    raise Refusal("no_parish_layer", names=layers[:NAMES_KEPT])


def _coordinate_system(text: str | None) -> str:
    """METRES or DEGREES, in x–y order as the driver hands them out. Raises Refusal for any other."""
    if not text:
        raise Refusal("no_coordinate_system")
    try:
        system = CRS.from_user_input(text)
    except CRSError:
        raise Refusal("other_coordinate_system", names=[text[:40]]) from None
    if system.to_epsg() == 25832:
        return METRES
    # GeoJSON's own system, "CRS84", is EPSG:4326 with the axes in the order that files use anyway.
    if system.to_epsg() == 4326 or system.to_authority() == ("OGC", "CRS84"):
        return DEGREES
    raise Refusal("other_coordinate_system", names=[system.name[:40]])


def _refuse_elsewhere(geometries: Any, system: str) -> None:
    """Coordinates outside Denmark: the file states the wrong system, or has its axes swapped."""
    bounds = shapely.total_bounds(geometries)
    if numpy.isnan(bounds).any():
        raise Refusal("no_boundaries")
    if system == METRES:
        bounds = Transformer.from_crs(METRES, DEGREES, always_xy=True).transform_bounds(*bounds)
    west, south, east, north = bounds
    if not (BOX_DEGREES[0] <= west <= east <= BOX_DEGREES[2] and BOX_DEGREES[1] <= south <= north <= BOX_DEGREES[3]):
        raise Refusal("outside_denmark")


def _by_parish(codes: Any, geometries: Any) -> tuple[dict[int, Any], list[str]]:
    """One area per parish code (islands and enclaves joined), in order of code; and the codes nobody can read."""
    parts: dict[int, list[Any]] = defaultdict(list)
    unreadable = []
    for code, geometry in zip(codes.tolist(), geometries, strict=True):
        number = _number(code)
        areas = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2 and part.area > 0]
        if number is None or not areas:
            unreadable.append(str(code)[:NAMES_KEPT])
        else:
            parts[number] += areas
    return {number: shapely.union_all(parts[number]) for number in sorted(parts)}, unreadable


def _number(code: object) -> int | None:
    text = str(code).strip().removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) else None


def _say_parishes(parishes: dict[int, Any]) -> None:
    exact = numpy.array(list(parishes.values()), dtype=object)
    areas = shapely.area(exact) / 1_000_000
    shapes = _transformed(shapely.coverage_simplify(exact, SHAPE_METRES), METRES, DEGREES)
    outlines = _transformed(shapely.coverage_simplify(exact, OUTLINE_METRES), METRES, DEGREES)
    rounded = shapely.transform(outlines, lambda points: numpy.round(points, OUTLINE_DECIMALS))
    boxes = shapely.bounds(shapes)
    drawn = shapely.to_geojson(rounded)
    for at, code in enumerate(parishes):
        _say(
            {
                "code": code,
                "shape": shapely.to_wkb(shapes[at], hex=True),
                "outline": json.loads(drawn[at]),
                "area_km2": round(float(areas[at]), 3),
                "box": [float(edge) for edge in boxes[at]],
            }
        )


def _transformed(geometries: Any, source: str, target: str) -> Any:
    transformer = Transformer.from_crs(source, target, always_xy=True)

    def each(points: Any) -> Any:
        return numpy.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometries, each)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
