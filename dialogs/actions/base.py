"""The one door to rasa_sdk: our actions run through its executor, here or on a server, under our guard.

An action looks things up and decides; it returns events (``slot``, ``fact``) and never writes. What it gets are copies.
What it returns is checked against the events we know before any of it reaches a conversation. rasa_sdk is imported when
the first action runs, since it costs 0.2 s and 40 MB.
"""

from __future__ import annotations

import asyncio
import copy
import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from dialogs.engine.commands import ActionDone, ActionFailed, ActionReply
from dialogs.engine.slots import coerce

if TYPE_CHECKING:
    from dialogs.actions.ports import Ports
    from dialogs.engine.conversation import Conversation
    from dialogs.engine.flow import Dialogs

#: Our own event: a fact of the domain that the host applies in the commit.
FACT = "atiende_fact"

#: Seconds an action may take before the turn goes on without it.
DEADLINE_S = 5.0

#: Largest answer of a remote action server, in bytes.
LARGEST_ANSWER = 1_000_000

Event = dict[str, Any]
Events = list[Event]


class Dispatcher(Protocol):
    """What an action says goes through here (rasa_sdk's CollectingDispatcher)."""

    def utter_message(
        self,
        text: str | None = None,
        image: str | None = None,
        json_message: dict[str, Any] | None = None,
        response: str | None = None,
        attachment: str | None = None,
        buttons: list[dict[str, Any]] | None = None,
        elements: list[dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        """Say a response by key with values, or a literal text."""
        ...


class Seen(Protocol):
    """What an action may see of the conversation (rasa_sdk's Tracker, with copies in it).

    ``latest_message`` has ``text``, ``message_id`` (the call id, for idempotency) and ``entities``.
    """

    sender_id: str
    slots: dict[str, Any]
    latest_message: dict[str, Any]

    def get_slot(self, key: str) -> Any:
        """Return a slot's value, or None."""
        ...


def slot(name: str, value: Any) -> Event:
    """Return the event that gives a slot a JSON-compatible value; None empties it."""
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def fact(kind: str, /, **data: Any) -> Event:
    """Return the event that reports a fact of the domain (``PqrFiled``, ``ConsentGiven``…) with its data."""
    return {"event": FACT, "kind": kind, "data": data}


class AtiendeAction(ABC):
    """A rasa-sdk action with read-only ports; ``run`` may be async, or plain (then it runs in a thread)."""

    def __init__(self, ports: Ports) -> None:
        """Keep the doors through which the action may look."""
        self.ports = ports

    @abstractmethod
    def name(self) -> str:
        """Return the id that flows use."""

    @abstractmethod
    def run(self, dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Any:
        """Decide, and return a list of events (or an awaitable of it)."""


class ActionBox:
    """Runs actions by name: ours in this process, or all of them on a rasa-sdk server at ``url``.

    Args:
        actions: the classes of our actions; each is built once with ``ports``.
        ports: what actions may look at.
        deadline_s: seconds until an action counts as failed.
        url: ``action_endpoint.url`` of a rasa-sdk server (``http://host:5055/webhook``), or empty to run here.
        token: sent to that server as ``?token=``, as Rasa does.
    """

    def __init__(
        self,
        actions: Sequence[type[AtiendeAction]],
        ports: Ports,
        deadline_s: float = DEADLINE_S,
        *,
        url: str = "",
        token: str = "",
    ) -> None:
        """Build the actions.

        Raises:
            ValueError: two actions have the same name.
        """
        self._actions: dict[str, AtiendeAction] = {}
        for each in actions:
            action = each(ports)
            if action.name() in self._actions:
                raise ValueError(f"two actions are called {action.name()}")
            self._actions[action.name()] = action
        self._deadline_s = deadline_s
        self._url = url
        self._token = token
        self._executor: Any = None
        self._client: Any = None

    def names(self) -> frozenset[str]:
        """Return the names of the actions of this process."""
        return frozenset(self._actions)

    def executor(self) -> Any:
        """Return rasa_sdk's executor with our actions in it, importing rasa_sdk the first time (0.2 s)."""
        if self._executor is None:
            from rasa_sdk.executor import ActionExecutor

            self._executor = ActionExecutor()
            self._executor.domain = {"slots": {}, "responses": {}}
            for name, action in self._actions.items():
                self._executor.register_function(name, _runner(action))
        return self._executor

    async def run(
        self,
        call_id: str,
        name: str,
        conversation: Conversation,
        heard_text: str,
        sender_id: str,
        dialogs: Dialogs,
    ) -> ActionDone | ActionFailed:
        """Run the action ``name`` and return what it decided, or why it failed; never raises.

        ``call_id`` goes to the action as ``latest_message.message_id``: a repeated call can be told by it.
        """
        call = _call(call_id, name, conversation, heard_text, sender_id)
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await (self._post(call) if self._url else self._execute(call))
            return checked_answer(call_id, answer, dialogs)
        except TimeoutError:
            return ActionFailed(call_id, f"{name} took more than {self._deadline_s:g} s")
        except BrokenContractError as trouble:
            return ActionFailed(call_id, f"{name} {trouble}")
        except Exception as trouble:  # noqa: BLE001 - whatever an action does, the person gets a kind reply
            return ActionFailed(call_id, f"{name} failed: {type(trouble).__name__}")

    async def answer(self, call: dict[str, Any]) -> dict[str, Any]:
        """Run a call of rasa-sdk's webhook here and return ``{"events", "responses"}`` as they are.

        Raises:
            LookupError: there is no such action; its name is the only argument.
            TimeoutError: it took too long.
            Exception: whatever the action raised.
        """
        if call["next_action"] not in self._actions:
            raise LookupError(call["next_action"])
        async with asyncio.timeout(self._deadline_s):
            return await self._execute(call)

    async def close(self) -> None:
        """Close the connection to the action server, if there is one."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _execute(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["next_action"] not in self._actions:
            raise BrokenContractError("is not registered here")
        result = await self.executor().run(call)
        return {"events": result.events, "responses": result.responses}

    async def _post(self, call: dict[str, Any]) -> dict[str, Any]:
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(follow_redirects=False, timeout=self._deadline_s)
        params = {"token": self._token} if self._token else None
        answer = await self._client.post(self._url, json=call, params=params)
        if answer.status_code != httpx.codes.OK:
            raise BrokenContractError(f"was answered with status {answer.status_code}")
        if len(answer.content) > LARGEST_ANSWER:
            raise BrokenContractError("answered more than a megabyte")
        found = answer.json()
        if not isinstance(found, dict):
            raise BrokenContractError("did not answer with an object")
        return found


def names_of(actions: Sequence[type[AtiendeAction]]) -> frozenset[str]:
    """Return the names of action classes without building what they look at."""
    return frozenset(each.name(each.__new__(each)) for each in actions)


class BrokenContractError(Exception):
    """An action answered with something that it may not answer with."""


def _runner(action: AtiendeAction) -> Any:
    """Return the function the executor calls: async actions as they are, plain ones in a thread."""
    if inspect.iscoroutinefunction(action.run):
        return action.run

    async def run(dispatcher: Dispatcher, tracker: Seen, domain: dict[str, Any]) -> Any:
        return await asyncio.to_thread(action.run, dispatcher, tracker, domain)

    return run


def _call(call_id: str, name: str, conversation: Conversation, heard_text: str, sender_id: str) -> dict[str, Any]:
    """Return the request of rasa_sdk's webhook; everything in it is a copy."""
    latest = {"text": heard_text, "message_id": call_id, "intent": {}, "entities": [], "metadata": {}}
    top = conversation.top
    return {
        "next_action": name,
        "sender_id": sender_id,
        "domain": {},
        "tracker": {
            "sender_id": sender_id,
            "slots": copy.deepcopy(dict(conversation.slots)),
            "latest_message": latest,
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": None,
            "stack": [{"flow_id": top.flow, "step_id": top.step}] if top else [],
        },
    }


def checked_answer(call_id: str, answer: Mapping[str, Any], dialogs: Dialogs) -> ActionDone:
    """Return the events and responses of an action as a command.

    Raises:
        BrokenContractError: an event we do not know, an unknown slot, a value of the wrong type, an unknown response.
    """
    slots: dict[str, Any] = {}
    facts: list[tuple[str, Mapping[str, Any]]] = []
    for event in answer.get("events") or ():
        kind = event.get("event") if isinstance(event, Mapping) else None
        if kind == "slot":
            name = str(event.get("name"))
            definition = dialogs.domain.slots.get(name)
            if definition is None:
                raise BrokenContractError(f"set the unknown slot {name}")
            try:
                slots[name] = coerce(definition, event.get("value"))
            except (ValueError, TypeError) as trouble:
                raise BrokenContractError(f"set {name} to a wrong value: {trouble}") from None
        elif kind == FACT and isinstance(event.get("kind"), str) and isinstance(event.get("data"), Mapping):
            facts.append((event["kind"], dict(event["data"])))
        else:
            raise BrokenContractError(f"returned the event {kind!r}, which actions may not return")
    replies = tuple(_reply(each, dialogs) for each in answer.get("responses") or ())
    return ActionDone(call_id, slots, replies, tuple(facts))


def _reply(message: Mapping[str, Any], dialogs: Dialogs) -> ActionReply:
    known = {"text", "response", "template", "buttons", "image", "attachment", "custom", "elements"}
    values = {key: value for key, value in message.items() if key not in known}
    response = str(message.get("response") or message.get("template") or "")
    text = str(message.get("text") or "")
    if response and dialogs.response(response) is None:
        raise BrokenContractError(f"said the unknown response {response}")
    if not response and not text:
        raise BrokenContractError("said nothing that can be said")
    buttons = tuple(
        (str(button.get("title") or ""), str(button.get("payload") or button.get("title") or ""))
        for button in message.get("buttons") or ()
    )
    attachment = message.get("attachment")
    kept = dict(attachment) if isinstance(attachment, Mapping) else {"kind": "file", "ref": str(attachment)}
    return ActionReply(response, values, text, buttons, kept if attachment else None)
