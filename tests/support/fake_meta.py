"""What Meta's Graph API tells about a number, its account and its app: all well, until a test says otherwise."""

from __future__ import annotations

import hmac
from email.utils import format_datetime
from typing import Any

import httpx

from bot.channels.templates import load
from bot.channels.whatsapp.approval import wanted
from bot.kernel.clock import Clock
from tests.support.fake_whatsapp import NUMBER_ID, TOKEN

APP = "670843887433847"
ACCOUNT = "102290129340398"
SECRET = "clave-de-la-aplicacion"
FIELDS = (
    "messages", "account_alerts", "account_update", "business_capability_update", "message_template_quality_update", "message_template_components_update",
    "message_template_status_update", "phone_number_quality_update", "security", "template_category_update",
    "user_preferences",
)  # fmt: skip


def refusal(code: int, message: str = "no", *, status: int = 400, subcode: int = 0) -> httpx.Response:
    """Return an error as Meta writes it, with the token in its words, as Meta's sometimes do."""
    error = {"message": f"{message} {TOKEN}", "type": "OAuthException", "code": code, "error_subcode": subcode}
    return httpx.Response(status, json={"error": error})


class FakeMeta:
    """Give ``transport`` to the doctor; ``answers`` holds what is told of each thing, by its name."""

    def __init__(self, public_url: str) -> None:
        self.clock: Clock | None = None
        self.version = "v23.0"
        self.secret = SECRET
        self.asked: list[str] = []
        self.transport = httpx.MockTransport(self._answer)
        available = [
            {"entity_type": kind, "id": number, "can_send_message": "AVAILABLE"}
            for kind, number in (("PHONE_NUMBER", NUMBER_ID), ("WABA", ACCOUNT), ("BUSINESS", "1"), ("APP", APP))
        ]
        self.answers: dict[str, dict[str, Any] | httpx.Response | Exception] = {
            "number": {
                "verified_name": "Aguas del Valle Verde",
                "display_phone_number": "+57 601 1234567",
                "quality_rating": "GREEN",
                "throughput": {"level": "STANDARD"},
                "platform_type": "CLOUD_API",
                "code_verification_status": "VERIFIED",
                "id": NUMBER_ID,
            },
            "token": {
                "data": {
                    "app_id": APP,
                    "type": "SYSTEM_USER",
                    "is_valid": True,
                    "expires_at": 0,
                    "scopes": ["whatsapp_business_management", "whatsapp_business_messaging", "public_profile"],
                }
            },
            "health": {"health_status": {"can_send_message": "AVAILABLE", "entities": available}, "id": NUMBER_ID},
            "limit": {"whatsapp_business_manager_messaging_limit": "TIER_10K", "id": NUMBER_ID},
            "subscriptions": {
                "data": [
                    {
                        "object": "whatsapp_business_account",
                        "callback_url": f"{public_url}/webhooks/whatsapp/",
                        "active": True,
                        "fields": [{"name": name, "version": "v23.0"} for name in FIELDS],
                    }
                ]
            },
            "apps": {"data": [{"whatsapp_business_api_data": {"id": APP, "name": "Atención", "link": "https://x"}}]},
            "account": {"account_review_status": "APPROVED", "business_verification_status": "verified", "id": ACCOUNT},
            "templates": {
                "data": [
                    wanted(name, entry, "es") | {"status": "APPROVED", "id": "1"}
                    for name, entry in sorted(load().plantillas.items())
                ]
            },
        }

    def tell(self, name: str, **changes: Any) -> None:
        """Change what is told of ``name``."""
        told = self.answers[name]
        assert isinstance(told, dict)
        inner = told["data"] if name == "token" else told["data"][0] if name == "subscriptions" else told
        inner.update(changes)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name = self._name(request)
        self.asked.append(name)
        answer = self._told(name, request)
        if isinstance(answer, Exception):
            raise answer
        response = answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        response.headers["facebook-api-version"] = self.version
        if self.clock is not None:
            response.headers["date"] = format_datetime(self.clock.now(), usegmt=True)
        return response

    def _name(self, request: httpx.Request) -> str:
        path, query = request.url.path.split("/")[2:], request.url.params
        if path == [NUMBER_ID]:
            if "appsecret_proof" in query:
                return "proof"
            fields = query.get("fields", "")
            return {"health_status": "health", "whatsapp_business_manager_messaging_limit": "limit"}.get(
                fields, "number"
            )
        named = {"debug_token": "token", "subscriptions": "subscriptions", "subscribed_apps": "apps"}
        named |= {"message_templates": "templates", ACCOUNT: "account"}
        return named.get(path[-1], "nothing")

    def _told(self, name: str, request: httpx.Request) -> dict[str, Any] | httpx.Response | Exception:
        bearer = request.headers.get("authorization", "")
        wanted = f"Bearer {APP}|{self.secret}" if name == "subscriptions" else f"Bearer {TOKEN}"
        if bearer != wanted:
            return refusal(190, "Invalid OAuth access token", status=401)
        if name == "proof":
            proof = hmac.new(self.secret.encode(), TOKEN.encode(), "sha256").hexdigest()
            if request.url.params["appsecret_proof"] != proof:
                return refusal(100, "Invalid appsecret_proof provided in the API argument")
            return {"id": NUMBER_ID}
        return self.answers.get(name, refusal(2500, "Unknown path components"))
