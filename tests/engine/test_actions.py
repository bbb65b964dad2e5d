"""rasa-sdk behind its adapter: deadline, threads, copies, checked events, the same contract by HTTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
import zlib
from typing import Any

import httpx
import pytest

from dialogs.actions.base import ActionBox, AtiendeAction, Dispatcher, Events, Seen, fact, names_of, slot
from dialogs.actions.serving import LARGEST_REQUEST, application
from dialogs.engine.commands import ActionDone, ActionFailed
from dialogs.engine.conversation import Conversation
from tests.engine.support import world
from tests.support.rows import every_row

DIALOGS = world()
TALK = Conversation("c1", {"servicio": "agua", "fotos": [{"file_id": "f"}]})


class Looks(AtiendeAction):
    def name(self) -> str:
        return "action_buscar"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(response="pide_confirma_cuenta", cuenta=tracker.get_slot("servicio"))
        dispatcher.utter_message(text="Hola", buttons=[{"title": "Sí", "payload": "/quejarse"}])
        return [slot("encontrada", True), fact("PqrFiled", tipo="queja")]


class Blocks(AtiendeAction):
    def name(self) -> str:
        return "action_guardar"

    def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Events:
        return [slot("relato", threading.current_thread().name)]


class Odd(AtiendeAction):
    answer: Any = None

    def name(self) -> str:
        return "action_rara"

    async def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        if callable(self.answer):
            return await self.answer(dispatcher, tracker)
        return self.answer


def box(**more: Any) -> ActionBox:
    return ActionBox((Looks, Blocks, Odd), None, **more)  # type: ignore[arg-type]


async def run(name: str, **more: Any) -> ActionDone | ActionFailed:
    return await box(**more).run("c1:1:1", name, TALK, "hola", "c1", DIALOGS)


async def test_an_action_fills_slots_speaks_and_reports_facts() -> None:
    done = await run("action_buscar")

    assert isinstance(done, ActionDone)
    assert done.slots == {"encontrada": True}
    assert done.facts == (("PqrFiled", {"tipo": "queja"}),)
    assert (done.replies[0].response, done.replies[0].values) == ("pide_confirma_cuenta", {"cuenta": "agua"})
    assert (done.replies[1].text, done.replies[1].buttons) == ("Hola", (("Sí", "/quejarse"),))


async def test_a_plain_action_runs_in_a_thread() -> None:
    done = await run("action_guardar")

    assert isinstance(done, ActionDone)
    assert done.slots["relato"] != threading.main_thread().name


async def test_an_action_that_is_late_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_dispatcher: Any, _tracker: Any) -> Any:
        await asyncio.sleep(1)

    monkeypatch.setattr(Odd, "answer", staticmethod(sleep))

    began = time.perf_counter()
    assert await run("action_rara", deadline_s=0.02) == ActionFailed("c1:1:1", "action_rara took more than 0.02 s")
    assert time.perf_counter() - began < 0.5


async def test_what_an_action_changes_of_its_copies_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def meddle(_dispatcher: Any, tracker: Any) -> Any:
        tracker.slots["servicio"] = "gas"
        tracker.slots["fotos"].append(1)
        return []

    monkeypatch.setattr(Odd, "answer", staticmethod(meddle))
    await run("action_rara")

    assert TALK.slots == {"servicio": "agua", "fotos": [{"file_id": "f"}]}


BROKEN = {
    "an unknown slot": ([slot("nada", 1)], "set the unknown slot nada"),
    "a wrong value": (
        [slot("servicio", "luna")],
        "set servicio to a wrong value: one of agua, gas, energia is expected",
    ),
    "an event that steers": ([{"event": "followup", "name": "x"}], "returned the event 'followup'"),
    "a restart": ([{"event": "restart"}], "returned the event 'restart'"),
    "a fact without data": ([{"event": "atiende_fact", "kind": "X"}], "returned the event 'atiende_fact'"),
    "an exception": (RuntimeError("1.098.765.432 is not here"), "failed: RuntimeError"),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
async def test_what_an_action_may_not_do_makes_it_fail_without_personal_data(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, reason = BROKEN[case]
    monkeypatch.setattr(Odd, "answer", answer)

    failed = await run("action_rara")

    assert isinstance(failed, ActionFailed)
    assert reason in failed.reason
    assert "1.098" not in failed.reason


async def test_an_unknown_action_and_an_unknown_response_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    async def says(dispatcher: Any, _tracker: Any) -> Any:
        dispatcher.utter_message(response="no.existe")

    monkeypatch.setattr(Odd, "answer", staticmethod(says))

    assert "is not registered here" in (await run("action_nada")).reason  # type: ignore[union-attr]
    assert "said the unknown response no.existe" in (await run("action_rara")).reason  # type: ignore[union-attr]


def test_two_actions_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two actions are called action_buscar"):
        ActionBox((Looks, Looks), None)  # type: ignore[arg-type]


def test_names_are_known_without_building_anything() -> None:
    assert names_of((Looks, Blocks)) == {"action_buscar", "action_guardar"} <= box().names()


def test_rasa_sdk_is_not_imported_until_an_action_runs() -> None:
    code = "import sys, dialogs.actions.base, dialogs.engine.advance; sys.exit('rasa_sdk' in sys.modules or 'sanic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- by HTTP -------------------------------------------------------------------------------------------------------


def client(**more: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(application(box(**more))), base_url="http://actions.test")


def call(name: str) -> dict[str, Any]:
    return {
        "next_action": name,
        "sender_id": "c1",
        "tracker": {"sender_id": "c1", "slots": {"servicio": "agua"}},
        "domain": {"x": 1},
    }


async def test_a_served_action_answers_as_rasa_sdk_does() -> None:
    async with client() as http:
        answer = await http.post("/webhook", json=call("action_buscar"))
        names = await http.get("/actions")
        health = await http.get("/health")

    assert answer.status_code == 200
    assert answer.json()["events"][0] == {"event": "slot", "timestamp": None, "name": "encontrada", "value": True}
    assert answer.json()["responses"][0]["response"] == "pide_confirma_cuenta"
    assert {"name": "action_buscar"} in names.json()
    assert health.json() == {"status": "ok"}


async def test_a_box_with_an_url_runs_its_actions_there(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = ActionBox((), None, url="http://actions.test/webhook", token="t")  # type: ignore[arg-type]
    remote._client = client()

    done = await remote.run("c1:1:1", "action_buscar", TALK, "hola", "c1", DIALOGS)
    missing = await remote.run("c1:1:2", "action_nada", TALK, "hola", "c1", DIALOGS)
    await remote.close()

    assert isinstance(done, ActionDone)
    assert done.facts == (("PqrFiled", {"tipo": "queja"}),)
    assert missing == ActionFailed("c1:1:2", "action_nada was answered with status 404")


async def test_a_server_that_is_down_is_a_failed_action() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    remote = ActionBox((), None, url="http://actions.test/webhook")  # type: ignore[arg-type]
    remote._client = httpx.AsyncClient(transport=httpx.MockTransport(refuse))

    failed = await remote.run("c1:1:1", "action_buscar", TALK, "hola", "c1", DIALOGS)
    await remote.close()

    assert failed == ActionFailed("c1:1:1", "action_buscar failed: ConnectError")


@every_row(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'{"next_action": "action_buscar"}', {}, 400),
        (b"[" * 10_000, {}, 400),
        (json.dumps({"next_action": "action_buscar", "tracker": {"sender_id": "c", "slots": []}}).encode(), {}, 400),
        (b"x" * (LARGEST_REQUEST + 1), {}, 413),
        (zlib.compress(b" " * (LARGEST_REQUEST * 2)), {"content-encoding": "deflate"}, 413),
        (b"not deflate", {"content-encoding": "deflate"}, 400),
        (zlib.compress(json.dumps(call("action_buscar")).encode()), {"content-encoding": "deflate"}, 200),
        (json.dumps(call("action_nada")).encode(), {}, 404),
    ],
)
async def test_bad_requests_get_the_status_of_rasa_sdk(body: bytes, headers: dict[str, str], status: int) -> None:
    async with client() as http:
        answer = await http.post("/webhook", content=body, headers=headers)

    assert answer.status_code == status


async def test_a_served_action_that_breaks_answers_500(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Odd, "answer", RuntimeError("x"))
    async with client() as http:
        answer = await http.post("/webhook", json=call("action_rara"))

    assert (answer.status_code, answer.json()["error"]) == (500, "RuntimeError")
