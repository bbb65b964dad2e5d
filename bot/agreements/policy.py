"""Reads ``acuerdos.yml`` and answers what of it holds on a day."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.agreements.policy_model import PolicyFile
from bot.kernel.catalog import home_of, read_whole

if TYPE_CHECKING:
    from datetime import date

    from bot.agreements.policy_model import Policy, Profile
    from bot.kernel.config import Settings

FILE = "acuerdos.yml"
FOLDER = Path(__file__).resolve().parents[2] / "dialogs" / "catalog"


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> PolicyFile:
    """Read the policies of ``folder``, once in the life of the process.

    Raises:
        CatalogError: with every problem, each as ``file:line: what``.
    """
    return read_whole(folder / FILE, PolicyFile)


def of_settings(settings: Settings) -> PolicyFile:
    """Read the policies of the installation, or those that come with the program where it has none of its own.

    Raises:
        CatalogError: as ``load``.
    """
    return load(home_of(FILE, settings.dialogos.carpeta, FOLDER))


def on(file: PolicyFile, day: date) -> Policy | None:
    """Return the policy that holds on ``day``, or None: then no agreement is promised."""
    for policy in file.politicas:
        if policy.desde <= day and (policy.hasta is None or day <= policy.hasta):
            return policy
    return None


def called(file: PolicyFile, name: str) -> Policy | None:
    """Return the policy ``name``, or None when the file has it no more."""
    return next((policy for policy in file.politicas if policy.id == name), None)


def profile_of(policy: Policy, uso: str, estrato: int | None) -> Profile:
    """Return what is asked of an account of that use and stratum; the last profile fits every one."""
    return next(one for one in policy.perfiles if one.fits(uso, estrato))
