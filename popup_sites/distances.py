"""Distances on the globe. Pure."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # the mean radius (IUGG)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres as the crow flies between two points in degrees, by the haversine formula.

    Within 0.5 % of the distance on the ellipsoid, which is far less than a parish point is wrong for a home.
    """
    half_height = radians(other_latitude - latitude) / 2
    half_width = radians(other_longitude - longitude) / 2
    squared = sin(half_height) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(half_width) ** 2
    # Rounding may carry antipodes a hair past 1, where the arc sine is not defined.
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, squared)))
