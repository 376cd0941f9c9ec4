"""The fields of a request: each is read as what it must be, and what is not told is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from symgrad.errors import TooLarge, UnknownName, ValuesError
from symgrad.serve.limits import LONGEST_NAME, MOST_NAMES

Fields = Mapping[str, Any]


def text(fields: Fields, name: str, default: str = "", longest: int = LONGEST_NAME) -> str:
    """Return a text of at most so many characters.

    >>> text({"of": "C"}, "of"), text({}, "of")
    ('C', '')
    """
    found = fields.get(name, default)
    if not isinstance(found, str):
        raise ValuesError(f"{name} must be a text", todo=f'send it as "{name}": "..."')
    if len(found) > longest:
        raise TooLarge(f"{name} has {len(found):,} characters, and may have {longest:,}", todo="shorten it")
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:
        raise ValuesError(f"{name} has half a character, which is no text", todo="write it anew") from None
    return found


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """Return a list of texts; empty ones are left out."""
    found = fields.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_NAMES:
        raise ValuesError(f"{name} must be a list of at most {MOST_NAMES} texts", todo=f'send it as "{name}": ["..."]')
    return tuple(x for x in (text({name: x}, name) for x in found) if x.strip())


def choice(fields: Fields, name: str, known: Collection[str], default: str) -> str:
    """Return one of the known words.

    >>> choice({"layout": "denominator"}, "layout", ("numerator", "denominator"), "numerator")
    'denominator'
    """
    found = text(fields, name) or default
    if found not in known:
        raise UnknownName(name, found, known)
    return found


def pairs(fields: Fields, name: str) -> dict[str, str]:
    """Return what is told of names: {"sigma": "tanh"}; empty values are left out."""
    found = fields.get(name, {})
    if not isinstance(found, dict) or len(found) > MOST_NAMES:
        raise ValuesError(f"{name} must be at most {MOST_NAMES} names with texts", todo=f'send it as "{name}": {{}}')
    return {text({name: k}, name): v for k, x in found.items() if (v := text({name: x}, name)).strip()}
