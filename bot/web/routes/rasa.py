"""Rasa's REST face: its clients and benchmarks talk to us unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.rest.channel import MAX_TEXT, Rest, replies_json
from bot.kernel.errors import InboundRefused
from bot.web.body import read_json
from bot.web.refusals import Refusal, has_sentence
from bot.web.security import is_from_this_machine

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.web.app import Web
    from bot.web.services import LogItem

_WAIT_SECONDS = 30.0
_EVENTS = 200


class RasaRoutes:
    """``/webhooks/rest/webhook``, ``/model/parse`` and ``/conversations/{id}/tracker``.

    The face has no passwords, so unless the settings open it, it answers programs on this machine only: not what a
    proxy passes on, and not a page that points its own name at us.
    """

    def __init__(self, web: Web) -> None:
        """Take the application's parts."""
        self._web = web
        self._channel = Rest(web.services.clock, web.services.ids)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/webhooks/rest", self.here, methods=["GET"]),
            Route("/webhooks/rest/webhook", self.message, methods=["POST"]),
            Route("/model/parse", self.parse, methods=["POST"]),
            Route("/conversations/{sender}/tracker", self.tracker, methods=["GET"]),
            Route("/conversations/{sender}/documents/{kind}/{name}", self.document, methods=["GET"]),
        ]

    async def here(self, request: Request) -> Response:
        """Say that the channel is there."""
        self._check_open(request)
        return JSONResponse({"status": "ok"})

    async def message(self, request: Request) -> Response:
        """Accept ``{sender, message, metadata}``, wait for the turn, answer ``[{recipient_id, text, buttons, …}]``."""
        web = self._web
        self._check_open(request)
        document = await read_json(request)
        try:
            event = self._channel.read(document)
        except InboundRefused as error:
            reason = str(error)
            raise Refusal(error.status, reason if has_sentence(reason) else "mal_pedido") from None
        [(inbox_id, is_new)] = await web.services.inbox.accept([event])
        web.metrics.count("atiende_inbound_total", channel="rest", outcome="new" if is_new else "repeat")
        if not await web.services.lanes.settled(inbox_id, _WAIT_SECONDS):
            raise Refusal(504, "tarda", retry_after_s=5)
        said = await web.services.records.replies(inbox_id)
        return JSONResponse(replies_json(event.address.user, [item.payload for item in said]))

    async def parse(self, request: Request) -> Response:
        """Answer ``{text, intent, intent_ranking, entities}`` for ``{text}``."""
        self._check_open(request)
        document = await read_json(request)
        text = document.get("text")
        if not isinstance(text, str):
            raise Refusal(400, "mensaje_vacio")
        if len(text) > MAX_TEXT:
            raise Refusal(400, "mensaje_largo")
        return JSONResponse(dict(await self._web.services.parse(text)))

    async def tracker(self, request: Request) -> Response:
        """Show a conversation of the REST channel in the shape of Rasa's tracker."""
        self._check_open(request)
        services = self._web.services
        sender = request.path_params["sender"]
        conversation_id = services.conversation_id(self._channel.address(sender).key)
        standing = await services.records.standing(conversation_id)
        state = await services.records.state(conversation_id)
        after = max(0, standing.seq - _EVENTS) if standing else 0
        log = await services.records.log(conversation_id, after=after, limit=_EVENTS) if standing else ()
        events = [_event(item) for item in log]
        heard = [event for event in events if event["event"] == "user"]
        stack = state.get("stack") or []
        return JSONResponse(
            {
                "sender_id": sender,
                "slots": state.get("slots") or {},
                "latest_message": heard[-1]["parse_data"] if heard else {"text": "", "intent": {}, "entities": []},
                "latest_event_time": events[-1]["timestamp"] if events else None,
                "followup_action": None,
                "paused": standing is not None and standing.mode != "bot",
                "stack": stack,
                "events": events,
                "latest_input_channel": "rest",
                "active_loop": {},
                "latest_action_name": "action_listen",
            }
        )

    async def document(self, request: Request) -> Response:
        """Hand out the document that a reply named in ``custom.media`` as ``kind:name``."""
        from bot.web.routes.files import drawn

        self._check_open(request)
        services = self._web.services
        conversation_id = services.conversation_id(self._channel.address(request.path_params["sender"]).key)
        return await drawn(services, request, conversation_id)

    def _check_open(self, request: Request) -> None:
        settings = self._web.services.settings
        if not settings.rest_is_open:
            raise Refusal(404, "no_existe")
        if settings.canales.rest.activo == "auto" and not is_from_this_machine(request):
            raise Refusal(403, "sin_permiso")


def _event(item: LogItem) -> dict[str, Any]:
    text = item.payload.get("text") or ""
    if item.direction == "in":
        parsed: dict[str, Any] = {
            "text": text,
            "intent": {"name": None, "confidence": 0.0},
            "entities": [],
            "message_id": str(item.seq),
        }
        return {
            "event": "user",
            "timestamp": item.at.timestamp(),
            "text": text,
            "parse_data": parsed,
            "input_channel": "rest",
        }
    [reply] = replies_json("", [item.payload])
    return {
        "event": "bot",
        "timestamp": item.at.timestamp(),
        "text": text,
        "data": {"buttons": reply.get("buttons"), "image": reply.get("image"), "custom": reply.get("custom")},
    }
