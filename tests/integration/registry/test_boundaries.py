"""Parish boundaries from files as DAGI gives them out: formats, coordinate systems, faults, shared borders, look-up."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy
import pytest
import shapely
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from outreach.access.roles import Role
from outreach.command import parse_moment
from outreach.errors import UserError
from registry.imports.boundaries import import_boundaries
from registry.imports.boundaries_child import read_boundaries
from registry.models import BoundaryImport, Institution, InstitutionKind, Parish, ParishBoundary, ReferenceChange
from registry.selectors.boundaries import parish_at, parish_boundaries, parishes_at
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.reference_data import boundary_file

pytestmark = pytest.mark.django_db
NOW = "2021-04-20T09:20"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "geo"
TORSLUNDE, ISHOEJ_PARISH = 7150, 7151
# Two parishes of 2 × 4 km in metres, either side of nine degrees east, which is the easting 500,000 by definition.
NORTHING = 6_200_000
ZIGZAG = [(500_000 + (15 if step % 2 else -15), NORTHING + 40 * step) for step in range(101)]
WEST_SIDE = shapely.Polygon([(498_000, NORTHING), *ZIGZAG, (498_000, NORTHING + 4_000)])
EAST_SIDE = shapely.Polygon([(502_000, NORTHING), *ZIGZAG, (502_000, NORTHING + 4_000)])
NEIGHBOURS = [(TORSLUNDE, WEST_SIDE), (ISHOEJ_PARISH, EAST_SIDE)]
LATITUDE = 55.96  # about the middle: 6,202,000 m / 0.9996 is 55.96 degrees


def run(path: Path, **options: Any) -> Any:
    output = StringIO()
    call_command("import_boundaries", str(path), json=True, now=NOW, stdout=output, stderr=StringIO(), **options)
    return json.loads(output.getvalue())


def refused(path: Path, **options: Any) -> str:
    output = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("import_boundaries", str(path), json=True, stdout=output, stderr=StringIO(), **options)
    assert exit_.value.code == 2
    code: str = json.loads(output.getvalue())["error"]["code"]
    return code


@pytest.mark.parametrize("name", ["sogne.gpkg", "sogne.geojson"])
def test_both_formats_in_metres(tmp_path: Path, name: str) -> None:
    receipt = run(boundary_file(tmp_path / name, NEIGHBOURS), as_of="2021-01-01")
    assert (receipt["kind"], receipt["rows"], receipt["added"], receipt["repaired"]) == ("boundaries", 2, 2, 0)
    assert receipt["coordinate_system"] == "EPSG:25832"
    found = [parish_at(LATITUDE, longitude) for longitude in (8.99, 9.01, 9.5)]
    assert [parish and parish.code for parish in found] == [TORSLUNDE, ISHOEJ_PARISH, None]
    boundary = ParishBoundary.objects.get(parish=TORSLUNDE)
    assert boundary.area_km2 == pytest.approx(8.0, abs=0.05)  # 2 km × 4 km; the zigzag takes as much as it gives
    assert (boundary.version.source, str(boundary.version.as_of)) == ("DAGI", "2021-01-01")


@pytest.mark.parametrize("name", ["sogne.gpkg", "sogne.geojson"])
def test_both_formats_in_degrees(tmp_path: Path, name: str) -> None:
    squares = [(TORSLUNDE, shapely.box(12.0, 55.5, 12.1, 55.6)), (ISHOEJ_PARISH, shapely.box(12.1, 55.5, 12.2, 55.6))]
    receipt = run(boundary_file(tmp_path / name, squares, system="EPSG:4326"))
    assert receipt["coordinate_system"] == "EPSG:4326"
    assert parishes_at([(55.55, 12.05), (55.55, 12.15), (55.7, 12.15)]) == [TORSLUNDE, ISHOEJ_PARISH, None]


def test_neighbours_keep_the_border_they_share(tmp_path: Path) -> None:
    run(boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS))
    for west, east in (
        [shapely.from_wkb(bytes(each.shape)) for each in ParishBoundary.objects.order_by("parish_id")],
        [shapely.from_geojson(json.dumps(each.outline)) for each in ParishBoundary.objects.order_by("parish_id")],
    ):
        assert shapely.coverage_is_valid([west, east])
        together = shapely.union_all([west, east])
        assert together.geom_type == "Polygon"
        assert list(together.interiors) == []
        assert west.intersection(east).area == pytest.approx(0, abs=1e-12)
        assert together.area == pytest.approx(west.area + east.area, rel=1e-9)
    # The zigzag of 30 m is gone from the drawn outline, 103 corners in the file.
    assert shapely.get_num_coordinates(east) < 20


def test_points_find_the_parish_that_a_plain_search_finds(tmp_path: Path) -> None:
    run(boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS))
    random = numpy.random.default_rng(5)
    places = list(zip(random.uniform(55.93, 55.99, 300), random.uniform(8.96, 9.04, 300), strict=True))
    shapes = {each.parish_id: shapely.from_wkb(bytes(each.shape)) for each in ParishBoundary.objects.all()}
    plain = [
        next((code for code, shape in sorted(shapes.items()) if shape.covers(shapely.Point(east, north))), None)
        for north, east in places
    ]
    assert len(set(plain)) == 3
    assert parishes_at(places) == plain
    assert [(parish := parish_at(*place)) and parish.code for place in places[:40]] == plain[:40]


def test_islands_of_a_parish_are_one_boundary(tmp_path: Path) -> None:
    islands = [(TORSLUNDE, shapely.box(12.0, 55.5, 12.1, 55.6)), (TORSLUNDE, shapely.box(12.3, 55.5, 12.4, 55.6))]
    assert run(boundary_file(tmp_path / "sogne.geojson", islands, system="EPSG:4326"))["added"] == 1
    assert parishes_at([(55.55, 12.05), (55.55, 12.35), (55.55, 12.2)]) == [TORSLUNDE, TORSLUNDE, None]


def test_invalid_shapes_are_mended_and_counted(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon(
        [(500_000, NORTHING), (504_000, NORTHING + 4_000), (504_000, NORTHING), (500_000, NORTHING + 4_000)]
    )
    receipt = run(boundary_file(tmp_path / "sogne.gpkg", [(TORSLUNDE, bow_tie)]))
    assert receipt["repaired"] == 1
    # Two triangles of 4 × 2 km remain of the square that was crossed.
    assert ParishBoundary.objects.get().area_km2 == pytest.approx(8.0, abs=0.05)


def test_unknown_and_missing_parishes_are_listed(tmp_path: Path) -> None:
    squares = [
        (TORSLUNDE, shapely.box(12.0, 55.5, 12.1, 55.6)),
        (9999, shapely.box(12.1, 55.5, 12.2, 55.6)),
        ("nord", shapely.box(12.2, 55.5, 12.3, 55.6)),
    ]
    receipt = run(boundary_file(tmp_path / "sogne.geojson", squares, system="EPSG:4326"))
    assert receipt["unknown_parishes"] == ["9999"]
    assert receipt["unreadable"] == ["nord"]
    assert f"{TORSLUNDE}" not in receipt["missing_parishes"]
    assert len(receipt["missing_parishes"]) == Parish.objects.count() - 1


def test_the_same_file_again_makes_no_version(tmp_path: Path) -> None:
    path = boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS)
    first = run(path)
    again = run(path)
    assert (again["added"], again["changed"], again["unchanged"], again["version"]) == (0, 0, 2, None)
    moved = boundary_file(
        tmp_path / "ny.gpkg", [(TORSLUNDE, shapely.box(498_000, NORTHING, 499_000, NORTHING + 4_000))]
    )
    later = run(moved)
    assert (later["changed"], later["unchanged"]) == (1, 0)
    versions = dict(ParishBoundary.objects.values_list("parish_id", "version_id"))
    assert versions == {TORSLUNDE: later["version"], ISHOEJ_PARISH: first["version"]}
    assert BoundaryImport.objects.count() == 2


@pytest.mark.parametrize(
    ("system", "code"), [("EPSG:25833", "other_coordinate_system"), ("EPSG:3857", "other_coordinate_system")]
)
def test_other_coordinate_systems_are_refused(tmp_path: Path, system: str, code: str) -> None:
    assert refused(boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS, system=system)) == code
    assert not ParishBoundary.objects.exists()


def test_metres_that_say_they_are_degrees_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "sogne.geojson"
    feature = {
        "type": "Feature",
        "properties": {"sognekode": "7150"},
        "geometry": json.loads(shapely.to_geojson(WEST_SIDE)),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert refused(path) == "outside_denmark"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 zip", "file_type"),
        (b"<OGRVRTDataSource/>", "file_type"),
        (b"SQLite format 3\0" + b"\0" * 500, "unreadable"),
        (b'{"type": "FeatureCollection", "features": [', "unreadable"),
        (b'{"type": "FeatureCollection", "features": []}', "no_parish_layer"),
        (b'{"hello": "world"}', "unreadable"),
    ],
)
def test_files_of_other_kinds_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "sogne.geojson"
    path.write_bytes(content)
    assert refused(path) == code


def test_a_file_that_needs_too_much_memory_or_time_is_refused(tmp_path: Path) -> None:
    # A shape of 300,000 corners: some 20 MB as text, and more than the limit leaves once it is read.
    path = boundary_file(tmp_path / "sogne.geojson", [(TORSLUNDE, EAST_SIDE.buffer(2_000, quad_segs=75_000))])
    with pytest.raises(UserError) as error:
        read_boundaries(path, memory_bytes=64 * 1024**2)
    assert error.value.code in {"unreadable", "too_large_to_read"}
    with pytest.raises(UserError) as error:
        read_boundaries(path, patience=0.01)
    assert error.value.code == "too_slow"


def test_boundaries_are_the_operators(tmp_path: Path) -> None:
    path = boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS)
    with pytest.raises(PermissionDenied):
        import_boundaries(
            by=actor_with_role(Role.LIST_ADMIN), path=path, display_name="sogne.gpkg", now=parse_moment(NOW)
        )


def test_the_map_gets_the_parishes_of_a_municipality(tmp_path: Path) -> None:
    run(boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS), source="DAGI 2021")
    collection = parish_boundaries(ISHOEJ)
    assert [feature["id"] for feature in collection["features"]] == ["7150", "7151"]
    torslunde = collection["features"][0]
    assert torslunde["properties"]["name"] == "Torslunde"
    assert torslunde["properties"]["source"] == "DAGI 2021"
    assert torslunde["geometry"]["type"] == "Polygon"


def test_new_boundaries_place_institutions(tmp_path: Path) -> None:
    Institution.objects.create(
        number="990101",
        name="Midt i",
        kind=InstitutionKind.SCHOOL,
        municipality_id=ISHOEJ,
        latitude=LATITUDE,
        longitude=9.01,
    )
    assert run(boundary_file(tmp_path / "sogne.gpkg", NEIGHBOURS))["institutions_placed"] == 1
    assert Institution.objects.get().parish_id == ISHOEJ_PARISH
    assert ReferenceChange.objects.get().changes == {"parish_id": [None, ISHOEJ_PARISH]}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared boundaries are not on this machine")
def test_the_whole_country_is_taken_in_and_finds_every_parish_again() -> None:
    receipt = run(SHARED / "parishes.geojson")
    assert receipt["unknown_parishes"] == []
    assert receipt["added"] + len(receipt["missing_parishes"]) == Parish.objects.count()
    own = run(SHARED / "parishes_ishoj.geojson")
    assert own["rows"] == 2
    # A point well inside each shape lies in that parish and no other.
    shapes = list(ParishBoundary.objects.values_list("parish_id", "shape"))
    inside = shapely.point_on_surface(shapely.from_wkb([bytes(shape) for _, shape in shapes]))
    found = parishes_at([(point.y, point.x) for point in inside])
    assert sum(code == parish for code, (parish, _) in zip(found, shapes, strict=True)) >= len(shapes) * 0.99
