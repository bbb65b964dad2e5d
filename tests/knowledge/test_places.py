"""Which office is nearest, and how far."""

from dataclasses import dataclass

import pytest

from bot.kernel.ground import metres
from bot.knowledge.places import centre, nearest


@dataclass(frozen=True)
class Spot:
    lat: float | None
    lon: float | None


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ((0.0, 0.0), (0.0, 1.0), 111_195),
        ((4.2, -75.3), (4.2, -75.3), 0),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_087),
    ],
)
def test_distance_over_the_ground(here, there, expected):
    assert metres(here, there) == pytest.approx(expected, rel=0.005)


def test_the_nearest_come_first_and_those_without_a_place_are_left():
    far, near, nowhere = Spot(4.3, -75.3), Spot(4.201, -75.3), Spot(None, None)
    assert [spot for spot, _ in nearest([far, nowhere, near], 4.2, -75.3)] == [near, far]


@pytest.mark.parametrize("polygon", [None, {}, {"coordinates": []}, {"coordinates": [[]]}, "POLYGON"])
def test_what_is_no_polygon_has_no_middle(polygon):
    assert centre(polygon) is None


def test_the_middle_of_a_square():
    assert centre({"coordinates": [[[0, 0], [2, 0], [2, 4], [0, 4], [0, 0]]]}) == (2.0, 1.0)
