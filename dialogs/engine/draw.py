"""A flow as a picture for people who do not read YAML: Mermaid text, or an SVG of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from textwrap import wrap

from dialogs.engine.draw_layout import LANE, MARGIN, Arrow, Box, Layout, place
from dialogs.engine.flow import (
    END,
    ActionStep,
    AnyStep,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    NoopStep,
    SetSlotsStep,
)

_START = "__inicio__"
_FONT = ' role="img" font-family="system-ui, sans-serif" font-size="12"'
_ARROW_HEAD = (
    '<defs><marker id="punta" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="#5b6672"/></marker></defs>'
)
_LETTER = 6.6
_LINE = 16
_LINE_LENGTH = 32
_LABEL_LENGTH = 36
_PILL = 30

#: Fill, border and text of each kind of box; every text has a contrast of at least 7 to 1 on its fill.
_COLOURS = {
    "pregunta": ("#e8f1fd", "#1d5fb8", "#0b2e5c"),
    "dice": ("#eaf6ec", "#2e7d3a", "#143d1b"),
    "acción": ("#f3eefb", "#6a3fb0", "#33195e"),
    "pone": ("#fdf6e3", "#9a7200", "#4a3600"),
    "llama": ("#eef1f4", "#4a5b6c", "#1f2a35"),
    "pasa a": ("#eef1f4", "#4a5b6c", "#1f2a35"),
    "decide": ("#ffffff", "#5b6672", "#1f2a35"),
    "fin": ("#1f2a35", "#1f2a35", "#ffffff"),
}


def mermaid(flow: Flow) -> str:
    """Return the flow as a Mermaid ``flowchart``."""
    lines = ["flowchart TD", f'  {_START}(["{_quoted(flow.name)}"])', f"  {_START} --> {_id(flow.first)}"]
    ended = False
    for step in flow.steps.values():
        kind, detail = _does(step)
        open_, close = {
            "pregunta": ("[/", "/]"),
            "decide": ("{{", "}}"),
            "llama": ("[[", "]]"),
            "pasa a": ("[[", "]]"),
        }.get(kind, ("[", "]"))
        text = "<br/>".join(filter(None, (f"<b>{_quoted(step.id)}</b>", _quoted(detail))))
        lines.append(f'  {_id(step.id)}{open_}"{text}"{close}')
        for target, label in _ways(step):
            ended = ended or target == END
            arrow = f'-- "{_quoted(label)}" -->' if label else "-->"
            lines.append(f"  {_id(step.id)} {arrow} {_id(target)}")
    if ended:
        lines.append(f"  {_id(END)}((fin))")
    return "\n".join(lines) + "\n"


def svg(flow: Flow) -> str:
    """Return the flow as a complete SVG document; it needs no script, font or style from elsewhere."""
    boxes, kinds, lines = _boxes(flow)
    arrows = [Arrow(_START, flow.first)]
    for step in flow.steps.values():
        for number, (target, label) in enumerate(_ways(step)):
            end = target
            if target == END:
                # Each way out has its own end: long arrows to one common end would cross everything.
                end = f"{END}:{step.id}:{number}"
                boxes.append(Box(end, 44, _PILL - 6))
                kinds[end], lines[end] = "fin", ["fin"]
            arrows.append(Arrow(step.id, end, label))
    layout = place(boxes, arrows)
    width, height = round(layout.width), round(layout.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"{_FONT}>',
        f"<title>{escape(flow.name)}</title><desc>{escape(flow.description)}</desc>",
        _ARROW_HEAD,
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    parts += [_arrow(arrow, layout) for arrow in layout.arrows]
    parts += [_box(box, kinds[box.id], lines[box.id]) for box in layout.boxes.values() if not box.bends]
    parts += [_label(arrow, layout) for arrow in layout.arrows if arrow.label]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _does(step: AnyStep) -> tuple[str, str]:
    """Return the kind of a step and what it does, in the words of staff."""
    match step:
        case CollectStep():
            marks = [word for word, true in (("libre", step.free_text), ("se puede omitir", step.optional)) if true]
            return "pregunta", f"pregunta {step.slot}" + (f" ({', '.join(marks)})" if marks else "")
        case ActionStep():
            return ("dice", f"dice {step.action}") if step.says else ("acción", step.action)
        case SetSlotsStep():
            return "pone", ", ".join(f"{name} = {'vacío' if value is None else value}" for name, value in step.values)
        case CallStep():
            return "llama", f"hace {step.flow} y vuelve"
        case LinkStep():
            return "pasa a", f"pasa a {step.flow}"
        case NoopStep():
            return "decide", ""


def _ways(step: AnyStep) -> Iterator[tuple[str, str]]:
    """Yield target and label of each way out; branches to the same target are joined."""
    if isinstance(step, LinkStep):
        return
    labels: dict[str, list[str]] = {}
    for branch in step.next:
        alone = len(step.next) == 1
        text = "" if alone else "si no" if branch.condition is None else _plain(branch.condition.text)
        labels.setdefault(branch.target, []).append(text)
    for target, texts in labels.items():
        yield target, " o ".join(filter(None, texts))


def _plain(condition: str) -> str:
    return re.sub(r"\b(?:slots|context)\.", "", condition)


def _boxes(flow: Flow) -> tuple[list[Box], dict[str, str], dict[str, list[str]]]:
    kinds, lines = {_START: "fin"}, {_START: [flow.name]}
    boxes = [Box(_START, len(flow.name) * _LETTER + 36, _PILL)]
    for step in flow.steps.values():
        kind, detail = _does(step)
        shown = [step.id, *wrap(detail, _LINE_LENGTH)[:3]]
        kinds[step.id], lines[step.id] = kind, shown
        width = max(max(len(line) for line in shown) * _LETTER + 32, 96)
        boxes.append(Box(step.id, width, len(shown) * _LINE + 16))
    return boxes, kinds, lines


def _box(box: Box, kind: str, lines: list[str]) -> str:
    fill, border, colour = _COLOURS[kind]
    left, top = box.x - box.width / 2, box.y - box.height / 2
    radius = box.height / 2 if kind == "fin" else 12 if kind == "pregunta" else 3
    shape = (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{radius:.0f}" '
        f'fill="{fill}" stroke="{border}" stroke-width="1.4"/>'
    )
    if kind in ("llama", "pasa a"):
        shape += (
            f'<path d="M{left + 6:.1f} {top:.1f}v{box.height:.1f}M{left + box.width - 6:.1f} {top:.1f}v{box.height:.1f}" '
            f'stroke="{border}"/>'
        )
    first = box.y - (len(lines) - 1) * _LINE / 2 + 4
    texts = "".join(
        f'<text x="{box.x:.1f}" y="{first + number * _LINE:.1f}" text-anchor="middle" fill="{colour}"'
        f"{' font-weight=' + chr(34) + '600' + chr(34) if number == 0 else ''}>{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
    return shape + texts


def _arrow(arrow: Arrow, layout: Layout) -> str:
    start, end = layout.boxes[arrow.start], layout.boxes[arrow.end]
    if arrow.lane:
        return _back_arrow(arrow, layout)
    points = [(start.x, start.y + start.height / 2)]
    points += [(layout.boxes[bend].x, layout.boxes[bend].y) for bend in arrow.through]
    points.append((end.x, end.y - end.height / 2 - 2))
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        half = (y1 - y0) / 2
        path += f"C{x0:.1f} {y0 + half:.1f} {x1:.1f} {y1 - half:.1f} {x1:.1f} {y1:.1f}"
    return f'<path d="{path}" fill="none" stroke="#5b6672" stroke-width="1.3" marker-end="url(#punta)"/>'


def _back_arrow(arrow: Arrow, layout: Layout) -> str:
    """Lead out below the row, up at the right side and in above the row of the end."""
    start, end = layout.boxes[arrow.start], layout.boxes[arrow.end]
    lane = layout.width - MARGIN - (arrow.lane - 1) * LANE
    shift = 4 * (arrow.lane % 4)
    low = layout.row(start.layer)[1] + 12 + shift
    high = layout.row(end.layer)[0] - 12 - shift
    path = (
        f"M{start.x + 14:.1f} {start.y + start.height / 2:.1f}V{low - 6:.1f}q0 6 6 6H{lane - 6:.1f}q6 0 6 -6"
        f"V{high + 6:.1f}q0 -6 -6 -6H{end.x + 24:.1f}q-6 0 -6 6V{end.y - end.height / 2 - 2:.1f}"
    )
    return f'<path d="{path}" fill="none" stroke="#8a95a1" stroke-dasharray="5 4" marker-end="url(#punta)"/>'


def _label(arrow: Arrow, layout: Layout) -> str:
    """Write the condition near the end of its arrow, where arrows of one box have parted."""
    start, end = layout.boxes[arrow.start], layout.boxes[arrow.end]
    text = arrow.label if len(arrow.label) <= _LABEL_LENGTH else f"{arrow.label[: _LABEL_LENGTH - 1]}…"
    width = len(text) * 5.6 + 6
    if arrow.lane:
        x, y = start.x + 24 + width / 2, layout.row(start.layer)[1] + 16 + 4 * (arrow.lane % 4)
    else:
        near = layout.boxes[arrow.through[0]] if arrow.through else end
        x, y = near.x, layout.row(near.layer)[0] - 16
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 11:.1f}" width="{width:.1f}" height="15" rx="3" fill="#ffffff" '
        f'fill-opacity=".92"/><text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11" '
        f'fill="#37424d">{escape(text)}</text>'
    )


def _quoted(text: str) -> str:
    return escape(text, quote=True).replace("#", "&#35;")


def _id(step: str) -> str:
    return "fin_" if step == END else f"s_{re.sub(r'[^A-Za-z0-9_]', '_', step)}" if step != _START else _START
