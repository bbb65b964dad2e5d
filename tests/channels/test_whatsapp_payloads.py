"""Payloads that nobody here wrote (pywa's corpus, the examples in Meta's specification) read as is written down.

The folder of shared fixtures is found beside the repository or by ``ATIENDE_FIXTURES``; without it these tests skip.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.base import (
    Address,
    Inbound,
    Media,
    Moved,
    Notice,
    Option,
    Receipt,
    Say,
    Stopped,
    TemplateNews,
)
from bot.channels.templates import load
from bot.channels.whatsapp.body import content_of, envelope, template_of
from bot.channels.whatsapp.caps import steps
from bot.channels.whatsapp.parse import Event, is_webhook, read
from tests.support.bot_api_spec import fixtures_folder
from tests.support.meta_spec import sends, strange
from tests.support.rows import every_row

EXPECTED: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("whatsapp_payloads.yml").read_text(encoding="utf-8")
)
NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
SPECIFICATION = "business-messaging-api_v23.0.yaml"


def folder() -> Path:
    found = fixtures_folder()
    if found is None or not (found / "whatsapp" / SPECIFICATION).is_file():
        pytest.skip("the payloads of WhatsApp are not here (../shared/fixtures, or set ATIENDE_FIXTURES)")
    return found / "whatsapp"


def documents(name: str, node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every webhook inside ``node``, named by where it stands."""
    if isinstance(node, dict):
        if is_webhook(node):
            yield name, node
        for key, inner in node.items():
            if key != "entry":
                yield from documents(f"{name}/{key}", inner)


@cache
def payloads(where: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((where / "pywa_updates").glob("*.json")):
        found |= documents(path.stem, json.loads(path.read_text(encoding="utf-8")))
    text = (where / SPECIFICATION).read_text(encoding="utf-8")
    # The whole file takes seconds to read; the examples are one part of it.
    begin = text.index("  /whatsapp/webhooks:")
    end = text.index("\ncomponents:", begin) if "\ncomponents:" in text[begin:] else len(text)
    posts = yaml.load(text[begin:end], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    examples = posts["/whatsapp/webhooks"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    return found | {f"meta/{name}": example["value"] for name, example in examples.items()}


def account_of(document: Mapping[str, Any]) -> str:
    """Return the number that the payload itself says it is for."""
    for entry in document["entry"]:
        for change in entry["changes"]:
            number = change["value"].get("metadata", {}).get("phone_number_id")
            if number:
                return str(number)
    return "none"


def shown(document: Mapping[str, Any]) -> list[str]:
    """Return a line for each thing that was read."""
    reading = read(document, account=account_of(document), now=NOW)
    events = [_event(event) for event in reading.events]
    notes = [
        " ".join(["note", note.concern, note.what, *(f"{key}={value}" for key, value in note.detail.items())])
        for note in reading.notes
    ]
    return events + notes


def _event(event: Event) -> str:
    match event:
        case Inbound():
            return _inbound(event)
        case Receipt():
            return _receipt(event)
        case TemplateNews():
            said = " ".join(f"{what}={value[:40]}" for what, value in event.said.items())
            return f"template {event.name} {event.language} at={event.at:%Y-%m-%dT%H:%M:%S} {said}"
        case Moved():
            return f"moved was={event.was.user},{event.was.phone} now={event.now.user},{event.now.phone}"
        case Stopped():
            return f"stopped user={event.address.user} phone={event.address.phone}"


def _inbound(event: Inbound) -> str:
    parts = [
        event.kind,
        f"user={event.address.user}",
        f"phone={event.address.phone}",
        f"at={event.sent_at:%Y-%m-%dT%H:%M:%S}",
    ]
    parts += [f"token={event.token}"] if event.token else []
    parts += [f"point={event.point}"] if event.point else []
    parts += [f"media={one.kind},{one.mime},{one.ref},{one.name}" for one in event.media]
    parts += [f"reply_to={event.reply_to}"] if event.reply_to else []
    return " ".join([*parts, f"text={event.text}" if event.text else ""]).rstrip()


def _receipt(event: Receipt) -> str:
    price = event.price or {}
    parts = [event.state, f"ref={event.ref}", f"at={event.at:%Y-%m-%dT%H:%M:%S}"]
    parts += [f"our_key={event.our_key}"] if event.our_key else []
    parts += [f"code={event.code}"] if event.code else []
    parts += [f"price={price.get('category')},{price.get('billable')}"] if price else []
    return " ".join(["receipt", *parts])


@every_row("name", EXPECTED)
def test_a_payload_of_others_is_read_as_written_down(name: str) -> None:
    assert shown(payloads(folder())[name]) == EXPECTED[name]


def test_every_payload_of_others_has_its_expectation() -> None:
    assert set(payloads(folder())) == set(EXPECTED)


#: Those of Meta's 50 examples of messages whose like we send.
SENT: dict[str, Say | Notice] = {
    "Send Text Message": Say("hola"),
    "Send Reply Button": Say("¿Es correcto?", (Option("o1", "Sí"), Option("o2", "No"))),
    "Send List Message": Say("Elija", tuple(Option(f"o{number}", f"Opción {number}", "más") for number in range(5))),
    "Send Document Message by ID": Say("Su constancia.", media=(Media("document", "c:7", "application/pdf"),)),
    "Send Image Message by ID": Say("", media=(Media("image", "c:7", "image/png"),)),
    "Send Video Message by ID": Say("Así se lee.", media=(Media("video", "c:7", "video/mp4"),)),
    "Send Audio Message by ID": Say("", media=(Media("audio", "c:7", "audio/ogg"),)),
    "Send Sticker Message by ID": Say("", media=(Media("sticker", "c:7", "image/webp"),)),
    "Send Message Template Text": Notice("corte", {"sector": "Centro"}, Say("x"), NOW, "cortes"),
}
#: Why we send none of the others, by what stands in their names; the read mark has its test in test_whatsapp_pywa.py.
NOT_SENT = {
    "Reply ": "one question at a time: it is clear what is answered",
    "by URL": "a file goes by its id: Meta would fetch a link for every person",
    "Catalog|Product|Order": "nothing is sold",
    "Flow": "questions are asked one by one, so that every channel can ask them",
    "Template (Interactive|Media)|Sample|Test": "the template with words, again, with buttons or pictures",
    "Contact|Send Location": "told in words",
    "Preview URL": "a page's picture pushes the words away",
    "typing indicator": "the read mark",
}
#: Younger than the specification.
YOUNGER = {"/biz_opaque_callback_data", "/template/components/*/parameters/*/parameter_name"}


@every_row("example", SENT)
def test_what_we_send_has_the_shape_of_metas_own_example(example: str) -> None:
    ours = shape(envelope(Address("whatsapp", "1", "573001112233"), "k1", content(SENT[example]))) - YOUNGER
    theirs = shape(sends(folder().parent)[example])

    assert ours <= theirs
    assert {place for place in theirs if place.count("/") == 1} <= ours


def test_every_example_of_a_message_has_our_like_or_a_reason() -> None:
    rest = set(sends(folder().parent)) - set(SENT)
    reasons = {name: [why for why in NOT_SENT if re.search(why, name)] for name in rest}

    assert len(sends(folder().parent)) == 50
    assert [name for name, whys in reasons.items() if not whys] == []
    assert {why for whys in reasons.values() for why in whys} == set(NOT_SENT)


def content(what: Say | Notice) -> dict[str, Any]:
    if isinstance(what, Notice):
        return template_of(what)
    (step,) = steps(what)
    found = content_of(step, "900", "constancia.pdf")
    assert found is not None
    return found


def shape(node: Any, place: str = "") -> set[str]:
    """Return every place in a document."""
    if isinstance(node, dict):
        return {f"{place}/{key}" for key in node}.union(
            *(shape(inner, f"{place}/{key}") for key, inner in node.items())
        )
    if isinstance(node, list):
        return set().union(*(shape(inner, f"{place}/*") for inner in node))
    return set()


def test_a_template_of_ours_has_the_shape_of_metas_own_example() -> None:
    entry = load().plantillas["caso_notificado_1"]
    options = tuple(Option(f"n1-{number}", button.texto) for number, button in enumerate(entry.botones, start=1))
    notice = Notice("caso_notificado_1", {"radicado": "1"}, Say("x", options), NOW, "")
    content = template_of(notice, entry)
    ours = shape(envelope(Address("whatsapp", "1", "573001112233"), "k1", content))
    theirs = shape(sends(folder().parent)["Send Message Template Interactive"])

    younger = {"/biz_opaque_callback_data", "/template/components/*/parameters/*/parameter_name"}
    assert ours - younger <= theirs
    assert {"/template/components/*/index", "/template/components/*/sub_type"} <= ours


def test_the_oracle_finds_what_no_example_has() -> None:
    folder()
    good = envelope(Address("whatsapp", "1", "573001112233"), "k1", {"type": "text", "text": {"body": "hola"}})

    assert strange(good) == []
    assert strange(good | {"text": {"body": 7}}) == ["/text/body (int) is in no example of text"]
    assert strange(good | {"texto": "x"}) == ["/texto (str) is in no example of text"]
    assert strange(good | {"type": "poll"}) == ["Meta has no example of poll"]
