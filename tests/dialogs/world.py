"""Small fakes of the doors that actions are given, and one way to run an action against them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dialogs.actions.base import AtiendeAction
from dialogs.actions.ports import (
    AccountView,
    ArticleView,
    BillingDown,
    BillTimes,
    BillView,
    CaseView,
    ConsentState,
    Consumption,
    DebtView,
    Destination,
    DeviationView,
    DoorView,
    LessonView,
    LinkedAccount,
    OfficeView,
    OutageView,
    OwnAccount,
    PersonView,
    PlaceView,
    PointView,
    Ports,
    ReportView,
    SearchView,
    SpotView,
    ToldView,
    TopicView,
    WayToPay,
    WishesView,
)
from dialogs.actions.ports.identity import DoorState, Tried
from tests.dialogs.agreements_world import Agreements
from tests.dialogs.community_world import Community

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ACCOUNT = AccountView("1000001", ("agua",), "Cl * # *-**", "La Esperanza", "s1", "L*** R***")


def case(radicado: str = "20260010000042", **changed: Any) -> CaseView:
    """Return a case as its author sees it."""
    values: dict[str, Any] = {
        "caso_id": f"caso-{radicado}", "radicado": radicado, "tipo": "queja", "servicio": "aseo", "estado": "radicado",
        "radicado_at": "2026-11-22T07:51:00-05:00", "vence_on": "2026-12-14", "dias": 15,
    }  # fmt: skip
    return CaseView(**{**values, **changed})


@dataclass
class Accounts:
    """A customer base of one account."""

    async def find(self, cuenta: str) -> AccountView | None:
        return ACCOUNT if cuenta == ACCOUNT.cuenta else None

    def is_account(self, cuenta: str, servicio: str = "") -> bool:
        return cuenta.isdigit()


@dataclass
class Billing:
    """What accounts owe and use; ``is_down`` when the system does not answer."""

    debts: Mapping[str, DebtView] = field(default_factory=dict)
    issued: Sequence[BillView] = ()
    used: Sequence[Consumption] = ()
    is_down: bool = False

    async def debt(self, cuenta: str) -> DebtView | None:
        self._answer()
        return self.debts.get(cuenta)

    async def bills(self, cuenta: str, n: int) -> tuple[BillView, ...]:
        self._answer()
        return tuple(bill for bill in self.issued if bill.cuenta == cuenta)[:n]

    async def consumptions(self, cuenta: str, n: int) -> tuple[Consumption, ...]:
        self._answer()
        return tuple(self.used)[:n]

    def _answer(self) -> None:
        if self.is_down:
            raise BillingDown("timeout")


@dataclass
class BillRules:
    """Rules without a catalog: what a test says is unusual is unusual."""

    found: DeviationView | None = None
    claimed: int = 0
    ways: tuple[WayToPay, ...] = (WayToPay("virtual", "Pago en línea", "a cualquier hora", "https://pagos.example"),)
    times: BillTimes = field(default_factory=lambda: BillTimes(24, 2, 32))

    def deviation(self, used: Sequence[Consumption], estrato: int | None = None) -> DeviationView | None:
        return self.found if used else None

    def ways_to_pay(self) -> tuple[WayToPay, ...]:
        return self.ways

    async def disputed(self, cuenta: str) -> int:
        return self.claimed


@dataclass
class Cases:
    """The cases of one conversation; others open with ``code``; ``answer`` is what a wrong code gets."""

    own: Sequence[CaseView] = ()
    code: str = "7K3M9QXA"
    answer: str = "no"
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def of_conversation(self, conversation_id: str, limit: int = 5) -> Sequence[CaseView]:
        return self.own[:limit]

    async def open_with_code(self, radicado: str, codigo: str, origin: str, call: str = "") -> CaseView | str:
        self.asked.append((radicado, codigo, origin))
        return case(radicado) if codigo == self.code else self.answer

    async def mine(self, radicado: str, conversation_id: str) -> CaseView | None:
        return next((each for each in self.own if each.radicado == radicado), None)


@dataclass
class Company:
    """An office that is open, or not."""

    is_open: bool = True

    def info(self) -> Mapping[str, Any]:
        return {"nombre": "Empresa de Prueba E.S.P."}

    def office(self, moment: datetime) -> OfficeView:
        return OfficeView(self.is_open, "" if self.is_open else "2026-11-24T08:00:00-05:00", "lunes a viernes")


@dataclass
class Attention:
    """A queue in which the person is third, or not at all."""

    waits: bool = True

    async def place(self, conversation_id: str) -> PlaceView:
        return PlaceView("en_fila" if self.waits else "ninguna", 3 * self.waits, 24 * self.waits, True, "")

    def opinion_every_days(self) -> int:
        return 30


@dataclass
class Consents:
    """What was decided about the text of version 2026-01."""

    granted: bool | None = None

    async def state(self, conversation_id: str, topic: str = "datos") -> ConsentState:
        return ConsentState("2026-01", self.granted)


@dataclass
class Outages:
    """Two open outages, of water and of gas; what else there is, a test says."""

    here: Sequence[OutageView] = ()
    places: Mapping[str, SpotView] = field(default_factory=dict)
    heard: ToldView = ToldView()  # noqa: RUF009 - it never changes
    own: Sequence[ReportView] = ()
    suspended: frozenset[str] = frozenset()

    async def open(self, *, sector: str = "", servicio: str = "", limit: int = 3) -> Sequence[OutageView]:
        every = [OutageView("agua", "La Esperanza", "se rompió un tubo", ""), OutageView("gas", "El Prado", "obra", "")]
        return [each for each in every if servicio in ("", each.servicio)][:limit]

    async def reaching(self, servicio: str, place: Mapping[str, Any]) -> Sequence[OutageView]:
        return self.here

    async def place(self, text: str, before: Mapping[str, Any] | None = None) -> SpotView:
        return self.places.get(text, SpotView(estado="vago" if text else "nada", texto=text))

    async def told(self, text: str) -> ToldView:
        return self.heard

    async def near(self, fault: Mapping[str, Any], place: Mapping[str, Any], conversation_id: str) -> ReportView | None:
        return None

    async def report(self, numero: str) -> ReportView | None:
        return next((each for each in self.own if each.numero == numero), None)

    async def reports_of(self, conversation_id: str) -> Sequence[ReportView]:
        return self.own

    async def is_suspended(self, cuenta: str) -> bool:
        return cuenta in self.suspended


@dataclass
class Identity:
    """One person with ``mine``; the code of every account is 482913, sent to one mailbox."""

    mine: Sequence[LinkedAccount] = ()
    state: DoorState = "abierta"
    envios: bool = True
    tried: list[tuple[str, str, str]] = field(default_factory=list)

    async def who(self, conversation_id: str) -> PersonView:
        return PersonView("persona-1" if self.mine else "", "", tuple(self.mine))

    async def is_verified(self, conversation_id: str, cuenta: str) -> bool:
        return any(each.cuenta == cuenta and each.verificada for each in self.mine)

    async def own_account(self, conversation_id: str, cuenta: str) -> OwnAccount | None:
        if not await self.is_verified(conversation_id, cuenta):
            return None
        return OwnAccount(
            cuenta, "Persona de Prueba", "CL 5 # 3-20", "La Esperanza", ("agua",), 2, "residencial", "activa"
        )

    async def door(self, conversation_id: str, cuenta: str) -> DoorView:
        return DoorView(self.state, (Destination("correo", "ma***@casa.example"),), self.envios)

    async def try_code(self, conversation_id: str, cuenta: str, proposito: str, codigo: str, call_id: str) -> Tried:
        self.tried.append((cuenta, proposito, codigo))
        return "bien" if "".join(mark for mark in codigo if mark.isdecimal()) == "482913" else "mal"


@dataclass
class Knowledge:
    """One article about the fixed charge, one lesson, one office."""

    def says_something(self, text: str) -> bool:
        return bool(text.strip())

    def search(self, text: str, moment: datetime) -> SearchView:
        return SearchView("una", (("Cargo fijo", "cargo_fijo"),)) if "cargo" in text else SearchView("ninguna")

    def article(self, article_id: str, moment: datetime) -> ArticleView | None:
        found = ArticleView("cargo_fijo", "Cargo fijo", "info.cargo_fijo", {}, (("Estrato", "estrato"),), "derechos")
        return found if article_id == found.id else None

    def lessons(self, moment: datetime) -> Sequence[LessonView]:
        return [LessonView("derechos", "Mis derechos", 2, ("5 días", "15 días"), 2)]

    async def points_near(self, place: tuple[float, float] | str, moment: datetime) -> Sequence[PointView]:
        return [PointView("Oficina", "CL 1", "lunes", "atencion", 120)] if place != "nada" else []


@dataclass
class Notices:
    """Two topics, one sector, and what the person wants."""

    wishes: WishesView = field(default_factory=lambda: WishesView((), sin_nada=False, horas=""))
    authorised: bool = False

    @property
    def topics(self) -> Mapping[str, TopicView]:
        return {
            "cortes": TopicView("cortes", "Cortes de servicio", por_sector=True, autorizacion="avisos_ubicacion"),
            "factura": TopicView("factura", "Factura lista", por_sector=False, autorizacion=""),
        }

    async def of(self, conversation_id: str) -> WishesView:
        return self.wishes

    async def is_authorised(self, conversation_id: str, consent: str) -> bool:
        return self.authorised

    async def sector(self, said: str) -> tuple[str, str] | None:
        return ("la_esperanza", "La Esperanza") if "esperanza" in said.lower() else None

    def named_in(self, text: str) -> str:
        return next((name for name in self.topics if name in text), "")

    def link(self, conversation_id: str) -> str:
        return "https://empresa.example/preferencias/AbC"


@dataclass
class StoppedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


def ports(**changed: Any) -> Ports:
    """Return doors onto the small world, some of them changed."""
    doors: dict[str, Any] = {
        "accounts": Accounts(),
        "attention": Attention(),
        "agreements": Agreements(),
        "bill_rules": BillRules(),
        "billing": Billing(),
        "cases": Cases(),
        "clock": StoppedClock(),
        "community": Community(),
        "company": Company(),
        "consents": Consents(),
        "identity": Identity(),
        "notices": Notices(),
        "knowledge": Knowledge(),
        "outages": Outages(),
    }
    return Ports(**{**doors, **changed})


@dataclass
class Tracker:
    """What an action sees of a conversation."""

    slots: dict[str, Any]
    latest_message: dict[str, Any]
    sender_id: str = "c-1"

    def get_slot(self, key: str) -> Any:
        return self.slots.get(key)


@dataclass
class Mouth:
    """Keeps what an action says."""

    said: list[dict[str, Any]] = field(default_factory=list)

    def utter_message(self, text: str | None = None, **message: Any) -> None:
        self.said.append({"text": text, **message} if text else message)


@dataclass(frozen=True)
class Outcome:
    """What an action decided: slots by name, facts by kind, and what it said."""

    slots: dict[str, Any]
    facts: dict[str, dict[str, Any]]
    said: list[dict[str, Any]]


def act(action: type[AtiendeAction], text: str = "", *, doors: Ports | None = None, **slots: Any) -> Outcome:
    """Run ``action`` on a conversation with ``slots`` whose newest message is ``text``."""
    mouth = Mouth()
    tracker = Tracker(dict(slots), {"text": text, "message_id": "call-1", "entities": []})
    events = asyncio.run(action(doors or ports()).run(mouth, tracker, {}))
    return Outcome(
        {event["name"]: event["value"] for event in events if event["event"] == "slot"},
        {event["kind"]: event["data"] for event in events if event["event"] == "atiende_fact"},
        mouth.said,
    )
