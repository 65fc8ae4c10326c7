"""Distances on the globe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popup_sites.distances import EARTH_RADIUS_KM, distance_km

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
HALF_ROUND_KM = 3.141592653589793 * EARTH_RADIUS_KM


def test_distance_between_known_places() -> None:
    # København to Aarhus, as the crow flies.
    assert distance_km(55.6761, 12.5683, 56.1629, 10.2039) == pytest.approx(157, abs=1)


def test_one_degree_north_is_111_km() -> None:
    assert distance_km(55, 12, 56, 12) == pytest.approx(111.195, abs=0.001)


@given(points, points)
def test_distance_is_symmetric_and_within_half_the_globe(one: tuple, other: tuple) -> None:
    there, back = distance_km(*one, *other), distance_km(*other, *one)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= HALF_ROUND_KM + 1e-6


@given(points)
def test_distance_to_itself_is_nothing(point: tuple) -> None:
    assert distance_km(*point, *point) == pytest.approx(0, abs=1e-6)


@given(points, points, points)
def test_a_detour_is_never_shorter(one: tuple, between: tuple, other: tuple) -> None:
    direct = distance_km(*one, *other)
    assert direct <= distance_km(*one, *between) + distance_km(*between, *other) + 1e-5
