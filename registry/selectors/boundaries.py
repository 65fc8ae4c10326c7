"""Parish boundaries: which parish a place lies in, and the outlines of a municipality for a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
import shapely

from ..models import Parish, ParishBoundary


def parish_at(latitude: float, longitude: float) -> Parish | None:
    """The parish that a place in degrees lies in; None outside every known boundary.

    A place on a border lies in the parish with the lower code.
    """
    near = ParishBoundary.objects.filter(
        west__lte=longitude, east__gte=longitude, south__lte=latitude, north__gte=latitude
    )
    place = shapely.Point(longitude, latitude)
    for boundary in near.select_related("parish").order_by("parish_id"):
        if shapely.covers(shapely.from_wkb(bytes(boundary.shape)), place):
            return boundary.parish
    return None


def parishes_at(places: Sequence[tuple[float, float]]) -> list[int | None]:
    """The code of the parish of each (latitude, longitude), by one tree over all boundaries: 10,000 places at once."""
    found: list[int | None] = [None] * len(places)
    rows = list(ParishBoundary.objects.order_by("parish_id").values_list("parish_id", "shape"))
    if not rows or not places:
        return found
    tree = shapely.STRtree(shapely.from_wkb([bytes(shape) for _, shape in rows]))
    points = shapely.points([(longitude, latitude) for latitude, longitude in places])
    pairs = tree.query(points, predicate="covered_by")
    for place, shape in numpy.transpose(pairs).tolist():
        code = rows[shape][0]
        known = found[place]
        found[place] = code if known is None else min(known, code)
    return found


def parish_boundaries(municipality_code: int) -> dict[str, Any]:
    """The outlines of the parishes with a part in the municipality, as a GeoJSON FeatureCollection in degrees.

    Each feature names the parish, its area and what the outline is from.
    """
    rows = (
        ParishBoundary.objects.filter(parish__shares__municipality=municipality_code)
        .select_related("parish", "version")
        .order_by("parish_id")
        .distinct()
    )
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": f"{row.parish_id:04d}",
                "properties": {
                    "code": f"{row.parish_id:04d}",
                    "name": row.parish.name,
                    "area_km2": row.area_km2,
                    "source": row.version.source,
                    "as_of": row.version.as_of.isoformat(),
                },
                "geometry": row.outline,
            }
            for row in rows
        ],
    }
