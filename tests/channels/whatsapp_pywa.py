"""The messages that pywa and we would both send, what we write otherwise and why, and what we never send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.base import Address, Media, Notice, Option, Say
from bot.channels.templates import TemplateEntry
from bot.channels.whatsapp.approval import wanted
from bot.channels.whatsapp.client import CloudApi
from bot.kernel.errors import TooLarge
from tests.channels.contract import PDF
from tests.support.fake_whatsapp import NUMBER_ID, PERSON, PHONE
from tests.support.pywa_oracle import Caller

TO = Address("whatsapp", NUMBER_ID, PERSON, phone=f"+{PHONE}")
WITHOUT_PHONE = Address("whatsapp", NUMBER_ID, PERSON)
NOT_YET = datetime(2030, 1, 1, tzinfo=UTC)
YES, NO = Option("o1", "Sí, radicar"), Option("o2", "No, corregir")
FILE = Media("document", "constancia:7", "application/pdf")
BARRIOS = (
    Option("b1", "Centro", "comuna 10"),
    Option("b2", "El Prado", "comuna 3"),
    Option("b3", "La Loma"),
    Option("b4", "San Juan"),
)
ENTRY = TemplateEntry.model_validate(
    {
        "respuestas": ["avisos.corte"],
        "categoria": "UTILITY",
        "vence_s": 3600,
        "pie": "Empresa de Ejemplo",
        "encabezado": "Corte en {{sector}}",
        "texto": "Le contamos que el {{dia}} habrá un corte de agua en el sector {{sector}}, por trabajos en la red.",
        "botones": [
            {"texto": "Ya volvió"},
            {"tipo": "enlace", "texto": "Ver el mapa", "url": "https://empresa.example/cortes/{{corte}}"},
        ],
        "ejemplos": {"sector": "Centro", "dia": "lunes 3 de mayo", "corte": "C-7"},
    }
)
SIMPLE = ENTRY.model_copy(update={"encabezado": None, "texto": "Su turno es el {{dia}}, gracias.", "botones": ()})
TEMPLATES = {"corte_programado": ENTRY, "aviso_simple": SIMPLE}
VALUES = {"sector": "Centro", "dia": "martes 4", "corte": "C-7"}
NOTICE = Notice("corte_programado", VALUES, Say("x", (Option("n1", "Ya volvió"),)), NOT_YET, "cortes")
PLAIN_NOTICE = Notice("aviso_simple", {"dia": "martes 4"}, Say("x"), NOT_YET, "cortes", language="es_CO")


@dataclass(frozen=True)
class Case:
    """What we say, and what pywa is asked for to say the same."""

    ours: Say | Notice
    theirs: Callable[[Caller, Any], object]
    to: Address = TO


class _Language:
    """A language that pywa's list lacks."""

    def __init__(self, value: str) -> None:
        self.value = value


def _up(wa: Caller) -> None:
    wa.upload_media(PDF, mime_type="application/pdf", filename="constancia.pdf")


def _template(t: Any) -> Any:
    return t.Template(
        name="corte_programado",
        category=t.TemplateCategory.UTILITY,
        language=t.TemplateLanguage.SPANISH,
        parameter_format=t.ParamFormat.NAMED,
        message_send_ttl_seconds=3600,
        components=[
            t.HeaderText("Corte en {{sector}}", sector="Centro"),
            t.BodyText(ENTRY.texto, dia="lunes 3 de mayo", sector="Centro"),
            t.FooterText(text="Empresa de Ejemplo"),
            t.Buttons(
                buttons=[
                    t.QuickReplyButton(text="Ya volvió"),
                    t.URLButton(
                        text="Ver el mapa",
                        url="https://empresa.example/cortes/{{1}}",
                        example="https://empresa.example/cortes/C-7",
                    ),
                ]
            ),
        ],
    )


async def _ask_for_file(api: CloudApi) -> None:
    with suppress(TooLarge):
        await api.download("7", limit=0)


CASES = {
    "text": Case(Say("hola"), lambda wa, t: wa.send_message(PHONE, "hola", tracker="k1")),
    "text to a scoped id": Case(
        Say("hola"), lambda wa, t: wa.send_message(PERSON, "hola", tracker="k1"), WITHOUT_PHONE
    ),
    "reply buttons": Case(
        Say("¿Es correcto?", (YES, NO)),
        lambda wa, t: wa.send_message(
            PHONE,
            "¿Es correcto?",
            buttons=[t.Button("Sí, radicar", "o1"), t.Button("No, corregir", "o2")],
            tracker="k1",
        ),
    ),
    "list with hints": Case(
        Say("Elija su barrio", BARRIOS, menu_label="Ver barrios"),
        lambda wa, t: wa.send_message(
            PHONE,
            "Elija su barrio",
            buttons=t.SectionList(
                "Ver barrios",
                [t.Section("Barrios", [t.SectionRow(one.label, one.token, one.hint or None) for one in BARRIOS])],
            ),
            tracker="k1",
        ),
    ),
    "link button": Case(
        Say("Puede pagar en línea.", (Option("o1", "Pagar", url="https://pagos.example/7"),)),
        lambda wa, t: wa.send_message(
            PHONE, "Puede pagar en línea.", buttons=t.URLButton("Pagar", "https://pagos.example/7"), tracker="k1"
        ),
    ),
    "location request": Case(
        Say("¿Dónde es el daño?", ask="location"),
        lambda wa, t: wa.request_location(PHONE, "¿Dónde es el daño?", tracker="k1"),
    ),
    "document with words": Case(
        Say("Su constancia.", media=(FILE,)),
        lambda wa, t: wa.send_document(
            PHONE, PDF, filename="constancia.pdf", caption="Su constancia.", mime_type="application/pdf", tracker="k1"
        ),
    ),
    "document without words": Case(
        Say("", media=(FILE,)),
        lambda wa, t: wa.send_document(
            PHONE, PDF, filename="constancia.pdf", mime_type="application/pdf", tracker="k1"
        ),
    ),
    "document with buttons": Case(
        Say("¿Es correcto?", (YES,), media=(FILE,)),
        lambda wa, t: wa.send_document(
            PHONE,
            PDF,
            filename="constancia.pdf",
            caption="¿Es correcto?",
            buttons=[t.Button("Sí, radicar", "o1")],
            mime_type="application/pdf",
            tracker="k1",
        ),
    ),
    "image": Case(
        Say("El plano.", media=(Media("image", "plano:1", "image/png"),)),
        lambda wa, t: (_up(wa), wa.send_image(PHONE, "900", caption="El plano.", tracker="k1")),
    ),
    "image with buttons": Case(
        Say("¿Es aquí?", (YES,), media=(Media("image", "plano:1", "image/png"),)),
        lambda wa, t: (
            _up(wa),
            wa.send_image(PHONE, "900", caption="¿Es aquí?", buttons=[t.Button("Sí, radicar", "o1")], tracker="k1"),
        ),
    ),
    "video": Case(
        Say("Así se lee.", media=(Media("video", "v:1", "video/mp4"),)),
        lambda wa, t: (_up(wa), wa.send_video(PHONE, "900", caption="Así se lee.", tracker="k1")),
    ),
    "video with buttons": Case(
        Say("¿Es así?", (YES,), media=(Media("video", "v:1", "video/mp4"),)),
        lambda wa, t: (
            _up(wa),
            wa.send_video(PHONE, "900", caption="¿Es así?", buttons=[t.Button("Sí, radicar", "o1")], tracker="k1"),
        ),
    ),
    "audio": Case(
        Say("", media=(Media("audio", "a:1", "audio/ogg"),)),
        lambda wa, t: (_up(wa), wa.send_audio(PHONE, "900", tracker="k1")),
    ),
    "sticker": Case(
        Say("", media=(Media("sticker", "s:1", "image/webp"),)),
        lambda wa, t: (_up(wa), wa.send_sticker(PHONE, "900", tracker="k1")),
    ),
    "template": Case(
        NOTICE,
        lambda wa, t: wa.send_template(
            PHONE,
            "corte_programado",
            t.templates.TemplateLanguage.SPANISH,
            [
                t.templates.HeaderText.params(sector="Centro"),
                t.templates.BodyText.params(dia="martes 4", sector="Centro"),
                t.templates.QuickReplyButton.params(callback_data="n1", index=0),
                t.templates.URLButton.params(url_variable="C-7", index=1),
            ],
            tracker="k1",
        ),
    ),
    "template to a scoped id": Case(
        PLAIN_NOTICE,
        lambda wa, t: wa.send_template(
            PERSON, "aviso_simple", _Language("es_CO"), [t.templates.BodyText.params(dia="martes 4")], tracker="k1"
        ),
        WITHOUT_PHONE,
    ),
}
CALLS: dict[str, tuple[Callable[[CloudApi], Awaitable[object]], Callable[[Caller, Any], object]]] = {
    "read and typing": (lambda api: api.mark_read("wamid.entra"), lambda wa, t: wa.indicate_typing("wamid.entra")),
    "template to approve": (
        lambda api: api.create_template("7", wanted("corte_programado", ENTRY, "es")),
        lambda wa, t: wa.create_template(_template(t.templates), waba_id="7"),
    ),
    "where a file lies": (_ask_for_file, lambda wa, t: wa.get_media_url("7")),
}

#: Where we differ, by place: what pywa writes becomes what we write, and why both are right.
DIFFERENCES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "/interactive/action/sections/*/title": (
        lambda _: None,
        "pywa asks for the title of every section; Meta wants it only where there are several, and we have one",
    ),
    "/template/components/*/type": (
        lambda said: said.lower(),
        "Meta's own examples of sent templates write small letters; it reads both",
    ),
    "/template/components/*/sub_type": (lambda said: said.lower(), "as above"),
    "/template/components/*/index": (str, "a text in some of Meta's examples and a number in others; it reads both"),
    "query/phone_number_id": (
        lambda _: NUMBER_ID,
        "we also say for which number the file came: Meta then refuses another's file",
    ),
}

#: What pywa can send and we never do. Files go by their id at Meta, never by link: it would be fetched for every person.
NEVER = {
    "send_text": "another name of send_message",
    "send_voice": "the assistant does not speak",
    "send_reaction": "a bot's reaction answers nothing, and costs a message",
    "remove_reaction": "as send_reaction",
    "send_location": "an office is told by its address",
    "send_contact": "a phone number is told in words, where it can be pressed",
    "send_catalog": "nothing is sold",
    "send_product": "nothing is sold",
    "send_products": "nothing is sold",
    "send_carousel": "options are buttons or a list",
    "request_contact_info": "a person proves who they are by their account, not by their phone",
    "mark_message_as_read": "we always show that an answer is being written, too (indicate_typing)",
}
#: Arguments that we never need, of methods that we do what they do.
NEVER_WITH = {
    "header": "the words say it",
    "footer": "the words say it; a template's foot is Meta's to show",
    "preview_url": "a page's picture pushes the words away",
    "reply_to_message_id": "one question at a time: it is clear what is answered",
    "identity_key_hash": "nobody is known by their phone alone",
    "sender": "one number for each channel",
    "is_voice": "the assistant does not speak",
    "use_mm_lite_api": "we send no advertising",
    "message_activity_sharing": "we send no advertising",
    "phone_id": "one number for each channel",
    "app_id": "for headers with files, which we have none of",
    "media_type": "said by the type of the file",
    "download_chunk_size": "of files that pywa would fetch first: ours are at hand",
    "dl_session": "as download_chunk_size",
    "ttl": "only for numbers that store nothing at Meta",
}
