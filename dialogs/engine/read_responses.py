"""Reads responses: variants by channel and condition, buttons, templates that are at least well formed."""

from __future__ import annotations

from typing import Any

from dialogs import wording
from dialogs.engine.conditions import Condition, ConditionError, parse
from dialogs.engine.parts import Button, Place, Response, ResponseVariant
from dialogs.engine.yamlfile import Fields, Issues, Node


def condition(text: str, place: Place, where: str, issues: Issues) -> Condition | None:
    """Compile a condition, noting an issue when it cannot be."""
    try:
        return parse(text)
    except ConditionError as trouble:
        issues.error(place, where, str(trouble), "See «Conditions» in docs/formats.md.")
        return None


def list_of(node: Node, where: str, issues: Issues) -> list[Node]:
    """Return the nodes of a list, noting an issue when it is something else."""
    if node.kind != "list":
        issues.error(node.place, where, "a list is expected here", "Start each line with «- ».")
        return []
    return list(node.value)


def read_response(key: str, node: Node, issues: Issues) -> Response:
    """Return the response written at ``node``."""
    where = f"response {key}"
    variants = tuple(_variant(each, where, issues) for each in list_of(node, where, issues))
    if not variants:
        issues.error(node.place, where, "it has no wording", "Write at least «- text: …».")
    names: set[str] = set()
    for variant in variants:
        if variant.condition:
            names |= variant.condition.slots | variant.condition.context
        texts = [variant.text, variant.image]
        texts += [text for button in variant.buttons for text in (button.title, button.hint)]
        texts += [
            button.payload
            for button in variant.buttons
            if not button.payload.startswith("/") or "{{ " in button.payload
        ]
        for text in texts:
            try:
                names |= wording.names_in(text)
            except ValueError as trouble:
                issues.error(
                    variant.place,
                    where,
                    f"the text is not a template: {str(trouble).splitlines()[0]}",
                    "Check its {{ }} and {% %}.",
                )
    return Response(key, variants, frozenset(names), node.place)


def _variant(node: Node, where: str, issues: Issues) -> ResponseVariant:
    fields = Fields(node, where, issues)
    metadata = fields.get("metadata")
    if metadata is not None and metadata.plain() != {"template": "jinja"}:
        fields.warning("metadata", "«metadata» is ignored: texts are always templates")
    attachment = fields.get("attachment")
    ask = fields.text("x-ask")
    if ask not in ("", "location", "phone"):
        fields.error("x-ask", f"«{ask}» cannot be asked natively", "Write location or phone.")
        ask = ""
    variant = ResponseVariant(
        text=fields.text("text"),
        buttons=tuple(_button(each, where, issues) for each in fields.items("buttons")),
        image=fields.text("image"),
        attachment=_attachment(attachment),
        channel=fields.text("channel"),
        condition=_variant_condition(fields, issues),
        ask=ask,  # type: ignore[arg-type]
        menu_label=fields.text("x-menu-label"),
        place=fields.place,
    )
    if not variant.text and not variant.attachment and not variant.image:
        fields.error("text", "there is nothing to say", "Add «text: …».")
    fields.text("id")
    fields.ignore("button_type", "the channel chooses the richest form it has")
    fields.refuse("quick_replies", "Use «buttons».")
    fields.refuse("elements", "Use «buttons» or several responses.")
    fields.refuse("custom", "Responses are the same for every channel; use text, buttons, image or attachment.")
    fields.done()
    return variant


def _attachment(node: Node | None) -> dict[str, Any] | None:
    if node is None:
        return None
    found = node.plain()
    return found if isinstance(found, dict) else {"kind": "file", "ref": str(found)}


def _button(node: Node, where: str, issues: Issues) -> Button:
    fields = Fields(node, f"{where}, button", issues)
    title = fields.text("title", required=True)
    button = Button(title, fields.text("payload", title), fields.text("hint") or fields.text("x-hint"))
    fields.ignore("type", "every button answers with its payload")
    fields.done()
    return button


def _variant_condition(fields: Fields, issues: Issues) -> Condition | None:
    """Read a predicate, or Rasa's older list of ``{type: slot, name, value}``."""
    node = fields.get("condition")
    if node is None:
        return None
    if node.kind == "text":
        return condition(str(node.value), node.place, fields.where, issues)
    parts = []
    for each in list_of(node, f"{fields.where}, condition", issues):
        inner = Fields(each, f"{fields.where}, condition", issues)
        if inner.text("type") != "slot":
            inner.error("type", "only conditions on slots exist", 'Write for example slots.servicio = "agua".')
        value = inner.get("value")
        literal = "null" if value is None else _literal(value.plain())
        parts.append(f"slots.{inner.text('name', required=True)} = {literal}")
        inner.done()
    return condition(" and ".join(parts) or "true", node.place, fields.where, issues)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else '"' + str(value).replace('"', '\\"') + '"'
