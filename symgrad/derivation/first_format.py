"""The first format of stored claims, that of 0.1.0, rewritten as the second; what does not fit is left as it is."""

from __future__ import annotations

from typing import Any

FORM = ("network", "of", "wrt", "depth", "map", "assumptions")


def claim_of(old: Any) -> Any:
    """Return a claim of the first format as one of the second."""
    if not isinstance(old, dict):
        return old
    new = {key: _untagged(x) for key, x in old.items()}
    match new.get("kind"):
        case "relation" | "limit" | "slope" | "expectation":
            new["domain"] = _each(new.get("domain"), _interval)
        case "solutions":
            new["condition"] = claim_of(old.get("condition"))
        case "extremum":
            new["sense"] = new.pop("extremum", None)
            new["domain"] = _interval(new.get("domain"))
        case "minimax":
            new["domain"] = _interval(new.get("domain"))
        case "differential" | "component":
            new = _with_form(new)
        case "norm":
            new = _with_form(new) | {"kind": "norm_bound"}
            new["assumptions"] = new.pop("given", None)
    return new


def _with_form(claim: dict[str, Any]) -> dict[str, Any]:
    form = {key: claim.pop(key, None) for key in FORM}
    form["assumptions"] = _each(form["assumptions"], lambda a: ["Assumption", *a] if isinstance(a, list) else a)
    return claim | {"form": form}


def _interval(x: Any) -> Any:
    if not isinstance(x, list) or len(x) != 5:
        return x
    return dict(zip(("variable", "low", "high", "open_low", "open_high"), x, strict=True))


def _each(items: Any, change: Any) -> Any:
    return [change(x) for x in items] if isinstance(items, list) else items


def _untagged(x: Any) -> Any:
    """Return nodes in which a tuple is a list, and has no kind of its own."""
    if not isinstance(x, list):
        return x
    return [_untagged(y) for y in (x[1:] if x[:1] == ["Tuple"] else x)]
