"""What a model costs: time of a message, bytes on disk, memory of the process that serves it."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.kernel.errors import ModelError
from bot.nlu.evaluation.sentences import NOW, Observed, understanding_of

_SAID = (
    "buenas veci se fue la luz dsd anoche en la esperanza",
    "quiero un acuerdo de pago a 6 cuotas de 50 mil desde el 5 de abril, soy maria perez, calle 5 # 4-20",
)


def milliseconds(observed: Sequence[Observed]) -> tuple[float, float]:
    """Return (p50, p99) of hearing one message, in milliseconds."""
    spent = sorted(one.seconds * 1000 for one in observed)
    return spent[len(spent) // 2], spent[min(len(spent) - 1, len(spent) * 99 // 100)]


def memory_added(model: Path) -> int | None:
    """Return the bytes that loading ``model`` and hearing with it add to a process, measured in one of its own.

    None where the system does not tell.

    Raises:
        ModelError: the process failed; the text says why.
    """
    command = [sys.executable, "-m", "bot.nlu.evaluation.weight", str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode != 0:
        raise ModelError(f"the memory of the model could not be measured: {done.stderr.strip()[-500:]}")
    return int(done.stdout) if done.stdout.strip() else None


def _resident() -> int | None:
    """Return the bytes of memory that this process has now (Linux), or had at most."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def main(path: Path) -> None:
    """Print the bytes that a model adds to a process that has everything else loaded."""
    from bot.nlu.model import Model
    from bot.nlu.understand import Understanding

    for text in _SAID:
        Understanding().hear(text, now=NOW)
    gc.collect()
    before = _resident()
    understanding = understanding_of(Model.load(path))
    for text in _SAID:
        understanding.hear(text, now=NOW)
    gc.collect()
    after = _resident()
    if before is not None and after is not None:
        sys.stdout.write(f"{max(0, after - before)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
