"""What can go wrong with agreements; every text is fit for an operator and holds no personal data.

AgreementError
├── DoesNotDivide      the amount is too small for so many instalments
├── StepRefused        an agreement may not go from its state to that one
├── NoSuchAgreement    there is no agreement under that number
├── AlreadyOpen        the account has an agreement that is asked for, approved or running
├── SuspensionRefused  an account may not be suspended now, or has nothing to lift
└── PaymentRefused     a payment is not money that can be applied
"""

from __future__ import annotations

from bot.kernel.errors import AtiendeError


class AgreementError(AtiendeError):
    """Root of the errors of agreements."""


class DoesNotDivide(AgreementError):
    """The amount is too small for so many instalments."""


class StepRefused(AgreementError):
    """An agreement may not go from its state to the wanted one."""


class NoSuchAgreement(AgreementError):
    """There is no agreement under that number."""


class AlreadyOpen(AgreementError):
    """The account has an agreement that is asked for, approved or running."""


class PaymentRefused(AgreementError):
    """A payment is not money that can be applied to the agreement."""


class SuspensionRefused(AgreementError):
    """An account may not be suspended now, or has no suspension to lift; the text is for staff, in Spanish."""
