"""What lies inside what, and how far apart things are."""

import math
import random

import pytest

from bot.kernel.ground import metres
from bot.outages.geometry import CELL_M, cell, cells_around, centre, contains
from tests.support.rows import every_row

SQUARE = {"type": "Polygon", "coordinates": [[[-75.3, 4.2], [-75.2, 4.2], [-75.2, 4.3], [-75.3, 4.3], [-75.3, 4.2]]]}
HOLED = {
    "type": "Polygon",
    "coordinates": [
        *SQUARE["coordinates"],
        [[-75.26, 4.24], [-75.24, 4.24], [-75.24, 4.26], [-75.26, 4.26], [-75.26, 4.24]],
    ],
}
#: A U open to the north: the ray from its middle crosses its border twice.
CUP = {
    "type": "Polygon",
    "coordinates": [[[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3], [0, 0]]],
}


@every_row(
    ("polygon", "point", "inside"),
    [
        (SQUARE, (4.25, -75.25), True),
        (SQUARE, (4.25, -75.31), False),
        (SQUARE, (4.31, -75.25), False),
        (SQUARE, (4.2, -75.3), True),
        (SQUARE, (4.3, -75.2), True),
        (SQUARE, (4.25, -75.2), True),
        (SQUARE, (4.2, -75.25), True),
        (SQUARE, (4.25, -75.1999), False),
        (HOLED, (4.25, -75.25), False),
        (HOLED, (4.24, -75.25), True),
        (HOLED, (4.21, -75.21), True),
        (CUP, (2.0, 1.5), False),
        (CUP, (2.0, 0.5), True),
        (CUP, (2.0, 2.5), True),
        (CUP, (0.5, 1.5), True),
        (CUP, (1.0, 1.5), True),
        (CUP, (3.0, 1.5), False),
        (CUP, (1.0, -0.5), False),
        ({"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], CUP["coordinates"]]}, (2.0, 0.5), True),
        ({"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], CUP["coordinates"]]}, (2.0, 1.5), False),
        ({"type": "Point", "coordinates": [0, 0]}, (0, 0), False),
        ({"type": "Polygon", "coordinates": []}, (0, 0), False),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, (0.5, 0.5), False),
        ({}, (0, 0), False),
    ],
)
def test_a_point_is_inside_or_not(polygon, point, inside):
    assert contains(polygon, point) is inside


def test_a_ring_that_is_not_closed_is_closed_by_itself():
    open_ring = {"type": "Polygon", "coordinates": [SQUARE["coordinates"][0][:-1]]}
    assert contains(open_ring, (4.25, -75.25))
    assert not contains(open_ring, (4.25, -75.35))


def test_a_regular_polygon_agrees_with_its_circle():
    corners = [(math.cos(turn / 60 * math.tau), math.sin(turn / 60 * math.tau)) for turn in range(60)]
    ring = {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}
    chance = random.Random(7)
    for _ in range(300):
        lon, lat = chance.uniform(-1.2, 1.2), chance.uniform(-1.2, 1.2)
        far = math.hypot(lon, lat)
        if not 0.998 < far < 1.0:
            assert contains(ring, (lat, lon)) is (far < 1.0)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((4.2, -75.3), (4.2, -75.3), 0),
        ((4.2, -75.3), (4.201, -75.3), 111),
        ((4.6097, -74.0817), (6.2442, -75.5812), 246_000),
    ],
)
def test_distances_over_the_ground(one, other, wanted):
    assert metres(one, other) == pytest.approx(wanted, rel=0.01, abs=1)


@pytest.mark.parametrize("radius", [20, 150, CELL_M, 600])
def test_whatever_is_within_reach_lies_in_the_cells_around(radius):
    chance = random.Random(11)
    for _ in range(200):
        here = (chance.uniform(-4, 12), chance.uniform(-79, -67))
        turn, far = chance.uniform(0, math.tau), radius * chance.uniform(0, 1)
        there = (
            here[0] + far * math.sin(turn) / 111_195,
            here[1] + far * math.cos(turn) / (111_195 * math.cos(math.radians(here[0]))),
        )
        assert metres(here, there) <= radius + 1
        assert cell(there) in cells_around(here, radius + 1)


def test_a_cell_is_small():
    assert cell((4.2, -75.3)) != cell((4.203, -75.3))
    assert cell((4.2, -75.3)) != cell((4.2, -75.303))
    assert len(cells_around((4.2, -75.3), 150)) == 9


def test_the_middle_of_a_polygon():
    assert centre(SQUARE) == pytest.approx((4.25, -75.25))
    assert centre({}) is None
