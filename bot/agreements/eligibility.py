"""Who may have an agreement from the assistant itself, and which agreements need no person to be approved."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.agreements.policy_model import Condition, Policy, Rule, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of an account when an agreement is asked for; the names are those of ``acuerdos.yml``.

    ``deuda`` is the undisputed part, whole pesos; ``incumplidos`` counts agreements not kept and ``reacuerdos`` those
    made after one, within ``meses_de_memoria``.
    """

    deuda_total: int
    en_reclamo: int
    facturas_vencidas: int
    dias_vencida: int
    uso: str
    estrato: int | None = None
    acuerdos_abiertos: int = 0
    incumplidos: int = 0
    reacuerdos: int = 0
    reclamos_sin_valor: int = 0

    @property
    def deuda(self) -> int:
        """What may be financed: never the part under claim (art. 155)."""
        return max(0, self.deuda_total - self.en_reclamo)

    def facts(self) -> dict[str, Any]:
        """Return every fact by its name in the policy."""
        return {**asdict(self), "deuda": self.deuda}


def obstacle(policy: Policy, standing: Standing) -> Rule | None:
    """Return the first rule that says no, or None when the assistant may offer an agreement."""
    facts = standing.facts()
    return next((rule for rule in policy.reglas if all(_holds(one, facts) for one in rule.cuando)), None)


def is_automatic(  # every limit of the policy is looked at
    policy: Policy, standing: Standing, *, count: int, signer: Signer, is_protected: bool
) -> bool:
    """Tell whether the agreement is approved at once, inside the limits of the policy."""
    limits = policy.automatica
    return (
        standing.deuda <= limits.deuda_maxima
        and count <= min(limits.cuotas_max, policy.cuotas.bot)
        and standing.uso in limits.usos
        and signer in limits.quienes
        and (limits.con_reacuerdo or not standing.incumplidos)
        and (limits.con_proteccion or not is_protected)
        and (limits.con_reclamo or not standing.en_reclamo)
    )


def _holds(condition: Condition, facts: dict[str, Any]) -> bool:
    value = facts[condition.dato]
    if condition.en is not None:
        return value in condition.en
    if value is None:
        return False
    if condition.menor_que is not None:
        return bool(value < condition.menor_que)
    return bool(value > (condition.mayor_que or 0))
