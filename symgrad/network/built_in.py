"""The built-in models: their names, and their texts, which nobody need read to list them."""

from __future__ import annotations

from pathlib import Path

from symgrad.errors import UnknownName

FOLDER = Path(__file__).parent / "builtin"


def builtin_names() -> list[str]:
    """Return the names of the built-in models."""
    return sorted(f.stem for f in FOLDER.glob("*.eq"))


def builtin_text(name: str) -> str:
    """Return the equations of a built-in model, as its file has them. Raises UnknownName.

    >>> print(builtin_text("deep_linear").splitlines()[0])
    # A deep network with the identity as activation and no biases
    """
    if name not in builtin_names():
        raise UnknownName("model", name, builtin_names())
    return (FOLDER / f"{name}.eq").read_text(encoding="utf-8")
