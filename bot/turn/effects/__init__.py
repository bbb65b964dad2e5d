"""How each fact becomes rows: one small file a fact, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.turn.effects import (
    account_described,
    account_unlinked,
    agreement_requested,
    agreement_withdrawn,
    assistant_complained,
    case_extended,
    case_for_person,
    case_withdrawn,
    code_asked,
    commitment_judged,
    consent_given,
    consent_refused,
    emergency_located,
    emergency_reported,
    fault_reported,
    handoff_asked,
    impostor_reported,
    intervention_confirmed,
    leader_requested,
    legal_alerted,
    message_doubted,
    notice_hours,
    notice_left,
    notice_refused,
    notice_wanted,
    outage_followed,
    paper_made,
    payment_reported,
    person_forgotten,
    person_known,
    pqr_filed,
    preference_asked,
    question_unanswered,
    queue_left,
    rated,
    report_joined,
    service_confirmed,
    turn_booked,
    turn_cancelled,
    wrong_account,
)
from bot.turn.effects.scene import Scene

Apply = Callable[[Scene, Mapping[str, Any]], Mapping[str, Any]]

_MODULES = (
    account_described,
    account_unlinked,
    agreement_requested,
    agreement_withdrawn,
    assistant_complained,
    case_extended,
    case_for_person,
    case_withdrawn,
    code_asked,
    commitment_judged,
    consent_given,
    consent_refused,
    emergency_located,
    emergency_reported,
    fault_reported,
    handoff_asked,
    legal_alerted,
    impostor_reported,
    intervention_confirmed,
    leader_requested,
    message_doubted,
    notice_hours,
    notice_left,
    notice_refused,
    notice_wanted,
    outage_followed,
    paper_made,
    payment_reported,
    person_forgotten,
    person_known,
    pqr_filed,
    preference_asked,
    question_unanswered,
    queue_left,
    rated,
    report_joined,
    service_confirmed,
    turn_booked,
    turn_cancelled,
    wrong_account,
)


def _table() -> dict[str, Apply]:
    table: dict[str, Apply] = {}
    for module in _MODULES:
        if module.KIND in table:
            message = f"two files of bot.turn.effects claim the fact {module.KIND}"
            raise RuntimeError(message)
        table[module.KIND] = module.apply
    return table


#: The fact's kind → what writes it. A fact that is not here is refused before the turn is committed.
HANDLERS: Mapping[str, Apply] = _table()

__all__ = ["HANDLERS", "Apply", "Scene"]
