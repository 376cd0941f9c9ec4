"""Relations on a page, and its lines split at them."""

from __future__ import annotations

from symgrad.reading.page.token import Token

ORDER = frozenset(["≤", "<", "≥", ">"])
RELATIONS = frozenset(["=", ":=", "≈", "≤", "<", "≥", ">", "≠", "→", "↦", "∈"])


def sides(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """Split a line at its relations: a = b ≤ c has three sides; what aligns and breaks lines is dropped."""
    found: list[list[Token]] = [[]]
    relations: list[str] = []
    level = matrices = 0
    for t in tokens:
        matrices += {"matrix": 1, "cases": 1, "end of matrix": -1}.get(t.text, 0) if t.kind == "command" else 0
        level += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(t.text, 0) if t.kind == "sign" else 0
        if t.kind == "sign" and not matrices and t.text in ("&", "\\\\"):
            continue
        if t.kind == "sign" and level == 0 and not matrices and t.text in RELATIONS:
            relations.append(t.text)
            found.append([])
        elif t.kind != "end":
            found[-1].append(t)
    return found, relations
