"""Where things lie: a municipality's region on a day, and how far a point is from the municipality."""

from datetime import date

from django.db.models import Q

from registry.models import Municipality, MunicipalityRegion, Parish, Region

from ..distances import distance_km


def region_of(municipality: Municipality, on: date) -> Region:
    """The region a municipality belongs to on a day: two regions merge on 1 January 2027."""
    placed = (
        MunicipalityRegion.objects.filter(municipality=municipality, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .select_related("region")
    )
    return placed.get().region


def nearest_parish_km(municipality: Municipality, latitude: float, longitude: float) -> float | None:
    """Kilometres from a point (degrees) to the municipality's nearest parish point; None when it has no parish."""
    points = Parish.objects.filter(main_municipality=municipality).values_list("latitude", "longitude")
    return min((distance_km(latitude, longitude, *point) for point in points), default=None)
