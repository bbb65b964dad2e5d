"""Where boxes and arrows go: layers from top to bottom, few crossings, room for every label. No dependency."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

#: Room in pixels between layers (labels of arrows stand there), and between boxes of one layer.
LAYER_GAP = 64
BOX_GAP = 36
MARGIN = 28
LANE = 26

_SWEEPS = 8


@dataclass(slots=True)
class Box:
    """A box to place; ``x`` and ``y`` are its centre, in pixels. A box without size bends a long arrow."""

    id: str
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0
    layer: int = 0

    @property
    def bends(self) -> bool:
        """Whether this is only a bend of an arrow."""
        return self.width == 0


@dataclass(slots=True)
class Arrow:
    """An arrow from ``start`` to ``end``; ``through`` are bends on its way, ``lane`` > 0 goes back at the right."""

    start: str
    end: str
    label: str = ""
    through: list[str] = field(default_factory=list)
    lane: int = 0


@dataclass(slots=True)
class Layout:
    """Placed boxes and arrows, with the size of the whole in pixels."""

    boxes: dict[str, Box]
    arrows: list[Arrow]
    width: float = 0.0
    height: float = 0.0

    def row(self, layer: int) -> tuple[float, float]:
        """Return the top and the bottom of a layer."""
        found = [box for box in self.boxes.values() if box.layer == layer]
        return min(box.y - box.height / 2 for box in found), max(box.y + box.height / 2 for box in found)


def place(boxes: list[Box], arrows: list[Arrow]) -> Layout:
    """Give every box a place, in the order in which they are given; arrows that go back run at the right side."""
    layout = Layout({box.id: box for box in boxes}, arrows)
    forward = _part_back_arrows(layout)
    _layers(layout, forward)
    rows = _rows(layout, _bend_long_arrows(layout, forward))
    _across(layout, rows)
    _down(layout, rows)
    return layout


def _part_back_arrows(layout: Layout) -> list[Arrow]:
    """Return the arrows that lead on; those that lead back, to a box written before, get a lane."""
    following: dict[str, set[str]] = defaultdict(set)
    for arrow in layout.arrows:
        following[arrow.start].add(arrow.end)
    order = {box: number for number, box in enumerate(layout.boxes)}
    lanes = 0
    for arrow in layout.arrows:
        if order[arrow.end] <= order[arrow.start] and arrow.start in _reached(following, arrow.end):
            lanes += 1
            arrow.lane = lanes
    return [arrow for arrow in layout.arrows if not arrow.lane]


def _reached(following: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    left = [start]
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left.extend(following[node])
    return found


def _layers(layout: Layout, forward: list[Arrow]) -> None:
    """Put each box one layer below the lowest box that leads to it."""
    waiting: dict[str, int] = defaultdict(int)
    following: dict[str, list[str]] = defaultdict(list)
    for arrow in forward:
        waiting[arrow.end] += 1
        following[arrow.start].append(arrow.end)
    ready = [box for box in layout.boxes if not waiting[box]]
    while ready:
        node = ready.pop()
        for end in following[node]:
            layout.boxes[end].layer = max(layout.boxes[end].layer, layout.boxes[node].layer + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)


def _bend_long_arrows(layout: Layout, forward: list[Arrow]) -> list[tuple[str, str]]:
    """Give arrows that pass layers a bend in each; return all short links."""
    links: list[tuple[str, str]] = []
    for arrow in forward:
        before = arrow.start
        for layer in range(layout.boxes[arrow.start].layer + 1, layout.boxes[arrow.end].layer):
            bend = Box(f"{arrow.start}>{arrow.end}@{layer}#{len(layout.boxes)}", 0, 0, layer=layer)
            layout.boxes[bend.id] = bend
            arrow.through.append(bend.id)
            links.append((before, bend.id))
            before = bend.id
        links.append((before, arrow.end))
    return links


def _rows(layout: Layout, links: list[tuple[str, str]]) -> list[list[Box]]:
    """Return the boxes of each layer from left to right, ordered so that few links cross, and centred on them."""
    rows: list[list[Box]] = []
    for box in layout.boxes.values():
        while len(rows) <= box.layer:
            rows.append([])
        rows[box.layer].append(box)
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for start, end in links:
        above[end].append(start)
        below[start].append(end)
    place_of = {box.id: float(at) for row in rows for at, box in enumerate(row)}
    for sweep in range(_SWEEPS):
        neighbours = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda box: _middle([place_of[each] for each in neighbours[box.id]], place_of[box.id]))
            place_of.update({box.id: float(at) for at, box in enumerate(row)})
    for row in rows:
        _spread(row, [0.0] * len(row))
    for sweep in range(_SWEEPS * 3):
        neighbours = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_middle([layout.boxes[each].x for each in neighbours[box.id]], box.x) for box in row]
            _spread(row, wanted)
    return rows


def _middle(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(row: list[Box], wanted: list[float]) -> None:
    """Put the boxes of a row as near to where they want to be as their order and sizes allow."""
    groups: list[tuple[float, float, list[tuple[Box, float]]]] = []
    for box, x in zip(row, wanted, strict=True):
        width = max(box.width, 8) + BOX_GAP
        group: tuple[float, float, list[tuple[Box, float]]] = (x, width, [(box, width)])
        while groups and groups[-1][0] + groups[-1][1] / 2 > group[0] - group[1] / 2:
            before = groups.pop()
            total = before[1] + group[1]
            count = len(before[2]) + len(group[2])
            centre = ((before[0] + group[1] / 2) * len(before[2]) + (group[0] - before[1] / 2) * len(group[2])) / count
            group = (centre, total, before[2] + group[2])
        groups.append(group)
    for centre, total, members in groups:
        left = centre - total / 2
        for box, width in members:
            box.x = left + width / 2
            left += width


def _across(layout: Layout, rows: list[list[Box]]) -> None:
    """Move everything so that it starts at the margin, and leave room at the right for the lanes."""
    every = [box for row in rows for box in row]
    least = min(box.x - box.width / 2 for box in every)
    for box in every:
        box.x += MARGIN - least
    lanes = max((arrow.lane for arrow in layout.arrows), default=0)
    layout.width = max(box.x + box.width / 2 for box in every) + MARGIN + (lanes * LANE + MARGIN if lanes else 0)


def _down(layout: Layout, rows: list[list[Box]]) -> None:
    top = float(MARGIN)
    for row in rows:
        height = max((box.height for box in row), default=0.0)
        for box in row:
            box.y = top + height / 2
        top += height + LAYER_GAP
    layout.height = top - LAYER_GAP + MARGIN
