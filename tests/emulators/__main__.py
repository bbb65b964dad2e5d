"""Installs the emulators below ``var/`` and drives them: ``python -m tests.emulators``. It takes minutes and the network.

Never part of ``make test``: pytest finds no ``test_*.py`` here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.emulators.programs import HERE, PACKAGES
from tests.support.bot_api_spec import fixtures_folder

#: Prism wants at least this one.
_NODE = 18
_MOVES = ("package.json", "package-lock.json")


def main() -> int:
    """Return how pytest ended, or 1 with a sentence about what is missing."""
    missing = what_is_missing()
    if missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    begun = time.monotonic()
    install(PACKAGES)
    sys.stdout.write(f"The emulators are in {PACKAGES} ({time.monotonic() - begun:.0f} s)\n")
    return int(
        pytest.main(
            ["-q", "-p", "no:cacheprovider", *(str(HERE / name) for name in ("drive_telegram.py", "drive_whatsapp.py"))]
        )
    )


def what_is_missing() -> str:
    """Return what has to be installed first, in one sentence; nothing when all is here."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return (
            f"make test-emulators needs Node.js {_NODE} or newer with npm. On Debian or Ubuntu: apt install nodejs npm"
        )
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if int(said.removeprefix("v").partition(".")[0] or 0) < _NODE:
        return f"make test-emulators needs Node.js {_NODE} or newer; here is {said or 'none that runs'}"
    if fixtures_folder() is None:
        return "make test-emulators needs Meta's specification: ../shared/fixtures, or set ATIENDE_FIXTURES"
    return ""


def install(folder: Path) -> None:
    """Bring ``folder`` to what the lock says; nothing of the packages runs while they are installed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package-lock.json").read_bytes()
    done = folder / ".installed"
    if done.is_file() and done.read_bytes() == wanted:
        return
    for name in _MOVES:
        shutil.copyfile(HERE / name, folder / name)
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=folder, check=True
    )
    done.write_bytes(wanted)


if __name__ == "__main__":
    sys.exit(main())
