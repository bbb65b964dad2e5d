"""AgreementRequested: a person accepted the terms of a payment agreement; they are checked again and kept with their proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from bot.agreements import lifecycle, policy, words
from bot.agreements.eligibility import is_automatic, obstacle
from bot.agreements.errors import AlreadyOpen
from bot.agreements.simulation import Offer, simulate
from bot.agreements.standing import Owed, standing_of
from bot.agreements.text import compose
from bot.identity import persons
from bot.kernel.clock import local_date
from bot.turn.effects import paper_made

if TYPE_CHECKING:
    from bot.agreements.policy_model import Signer
    from bot.turn.effects.scene import Scene

KIND = "AgreementRequested"
PAPER = "acuerdo"
#: What the code was asked for (``action_preparar_codigo``).
PURPOSE = "acuerdo"

log = structlog.get_logger(__name__)


def apply(scene: Scene, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the agreement if its terms still are those that the person read, and approve it inside the policy.

    ``acuerdo_resultado`` tells what happened: ``aprobado``, ``solicitado``, ``cambio`` (the figures are not those shown),
    ``ya_hay`` (somebody made one meanwhile) or ``sin_codigo`` (no proof of the account and of a fresh code: the talk
    saying so is none). The proof is taken last, so that a refusal before it costs nobody their code.
    """
    now, today = scene.now, local_date(scene.now)
    rules, days = policy.on(policy.of_settings(scene.settings), today), scene.desk.law.calendar
    if rules is None:
        return {"acuerdo_resultado": "cambio"}
    owes = data["debe"]
    owed = Owed(total=int(owes["total"]), overdue=int(owes["vencidas"]), days=int(owes["dias"]))
    standing = standing_of(scene.uow, data["cuenta"], owed, policy=rules, now=now)
    if standing.acuerdos_abiertos:
        return {"acuerdo_resultado": "ya_hay"}
    signer: Signer = "arrendatario" if data["firma"] == "usuario" else "titular"
    sent = scene.uow.files.many([str(one) for one in data.get("autorizacion") or ()])
    # Only what was sent in this very talk authorises anything.
    files = tuple(file.id for file in sent if file.conversation_id == scene.conversation_id)
    care, count = bool(data.get("cuidado")), int(data["cuotas"])
    offer = simulate(rules, standing, count, today=today, days=days, day=data.get("dia"))
    if not isinstance(offer, Offer) or obstacle(rules, standing) or dict(offer.terms()) != dict(data["terminos"]):
        return {"acuerdo_resultado": "cambio"}
    text = compose(
        offer,
        cuenta=data["cuenta"],
        signer=signer,
        is_authorised=bool(files),
        is_protected=care,
        policy=rules,
        words=words.of_settings(scene.settings),
        company=scene.settings.empresa,
    )
    if text != data["texto"]:
        return {"acuerdo_resultado": "cambio"}
    cuenta = str(data["cuenta"])
    is_theirs = persons.is_proved(scene.uow, scene.conversation_id, cuenta)
    if not is_theirs or not scene.uow.codes.use(scene.conversation_id, cuenta, PURPOSE, now):
        return {"acuerdo_resultado": "sin_codigo"}
    wanted = lifecycle.Request(
        offer=offer,
        cuenta=data["cuenta"],
        conversation_id=scene.conversation_id,
        channel=scene.trigger.channel,
        inbox_key=str(scene.trigger.inbox_id or ""),
        signer=signer,
        text=text,
        word=str(data["palabra"]),
        otp_verified=True,
        is_protected=care,
        authorisation=files,
        bills=tuple(str(one) for one in data.get("facturas") or ()),
        is_again=standing.incumplidos > 0,
        is_automatic=is_automatic(rules, standing, count=count, signer=signer, is_protected=care),
    )
    try:
        record = lifecycle.request(scene.uow, wanted, policy=rules, days=days, now=now, ids=scene.ids)
    except AlreadyOpen:
        return {"acuerdo_resultado": "ya_hay"}
    scene.uow.files.keep_with(files, record.id)
    log.info("agreement_requested", agreement=record.numero, state=record.estado, automatic=record.automatico)
    first = scene.uow.agreements.parts(record.id)[lifecycle.INITIAL]
    return {
        "acuerdo_resultado": "solicitado" if record.estado == "SOLICITADO" else "aprobado",
        "acuerdo_numero": record.numero,
        "acuerdo_inicial_on": first.vence_on.isoformat() if first.vence_on else None,
        **paper_made.apply(scene, {"kind": PAPER, "content": {"agreement_id": record.id}}),
    }
