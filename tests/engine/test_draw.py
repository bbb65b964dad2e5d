"""Flows as pictures: every step and every way is in them, and the SVG is well formed and safe."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

from dialogs.engine.draw import mermaid, svg
from dialogs.engine.draw_layout import Arrow, Box, place
from dialogs.engine.load import SHIPPED, load_with_issues
from tests.engine.support import world
from tests.support.rows import every_row

OURS, _ = load_with_issues(SHIPPED)
assert OURS is not None
FLOWS = {**world().flows, **OURS.flows}
NAMESPACE = "{http://www.w3.org/2000/svg}"


@every_row("flow", sorted(FLOWS))
def test_every_step_is_in_both_pictures(flow: str) -> None:
    drawn, text = svg(FLOWS[flow]), mermaid(FLOWS[flow])

    words = {node.text for node in ET.fromstring(drawn).iter(f"{NAMESPACE}text")}
    for step in FLOWS[flow].steps:
        assert step in words
        assert f"<b>{step}</b>" in text


def test_the_ways_carry_their_conditions_in_plain_words() -> None:
    text = mermaid(FLOWS["pedir"])

    assert 's_mira -- "encontrada" --> s_confirma' in text
    assert 's_mira -- "si no" --> s_relato' in text
    assert "s_listo --> fin_" in text


def test_text_of_a_flow_cannot_break_the_picture() -> None:
    flow = replace(FLOWS["pedir"], name='<script>alert("x")</script> & "más"', description="</svg>")

    tree = ET.fromstring(svg(flow))

    assert not list(tree.iter(f"{NAMESPACE}script"))
    assert '"]' not in mermaid(flow).splitlines()[1].replace('"])', "")


def test_boxes_do_not_overlap() -> None:
    boxes = [Box(str(number), 90, 40) for number in range(12)]
    arrows = [Arrow(str(number // 2), str(number)) for number in range(1, 12)] + [Arrow("11", "2"), Arrow("0", "9")]

    layout = place(boxes, arrows)

    for a, b in combinations([box for box in layout.boxes.values() if not box.bends], 2):
        apart = abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2
        assert apart, (a, b)
    assert [arrow.lane for arrow in arrows if arrow.lane] == [1]


def test_a_flow_that_loops_is_drawn_once_with_an_arrow_back() -> None:
    drawn = svg(FLOWS["pedir"])

    assert drawn.count("stroke-dasharray") == 1


def test_a_picture_is_the_same_every_time() -> None:
    assert svg(FLOWS["pedir"]) == svg(FLOWS["pedir"])
