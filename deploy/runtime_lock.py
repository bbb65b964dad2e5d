"""Prints the part of requirements.lock that serving needs: without what only tests and checks asked for.

Usage: python deploy/runtime_lock.py requirements.lock > runtime.lock
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")
_VIA = re.compile(r"^    #(?: via)?\s+(\S+(?: \(pyproject\.toml(?::\w+)?\))?)\s*$")
_ROOT = "atiende (pyproject.toml)"


def entries(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return each locked package with its lines and with who asked for it."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    name, lines, via = "", [], set()
    for line in [*text.splitlines(), "end==0"]:
        named = _NAME.match(line)
        if named:
            if name:
                found[name] = ("\n".join(lines), frozenset(via))
            name, lines, via = named[1].lower(), [], set()
        if name:
            lines.append(line)
            asked = _VIA.match(line)
            if asked:
                via.add(asked[1] if "(" in asked[1] else asked[1].lower())
    return found


def needed(found: dict[str, tuple[str, frozenset[str]]]) -> set[str]:
    """Return the packages that the project asks for, and everything those ask for."""
    kept: set[str] = set()
    grew = True
    while grew:
        more = {name for name, (_, via) in found.items() if _ROOT in via or via & kept}
        grew = more != kept
        kept = more
    return kept


def main() -> None:
    """Print the needed entries in their order."""
    found = entries(Path(sys.argv[1]).read_text(encoding="utf-8"))
    kept = needed(found)
    sys.stdout.write("\n".join(lines for name, (lines, _) in found.items() if name in kept) + "\n")


if __name__ == "__main__":
    main()
