"""Where a formula is cut into statements: rows, columns, commas, words, wide spaces, arrows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symgrad.reading.cursor import behind_index
from symgrad.reading.token import Token

TRANSPARENT = frozenset(
    f"\\{name}"
    for name in [
        "aligned",
        "align",
        "alignat",
        "split",
        "gathered",
        "gather",
        "equation",
        "eqnarray",
        "multline",
        "displaymath",
        "math",
        "flalign",
        "prompt",  # of what a student fills in
    ]
)
SEPARATORS = (",", ";", ":", ".", "?")
_CONNECTING = (
    "and as at because but by else every for from gives hence if iff implies in is on or otherwise over since "
    "so such that then therefore thus to unless when where whereas whenever while with"
)
CONNECTING = frozenset(_CONNECTING.split())
"""Words between statements."""
LONG = 10
"""Decimals from which a number may be broken over rows."""
JOINING = ("+", "-", "*", "/")


def continued(tokens: list[Token]) -> list[Token]:
    r"""Put the digits of a long decimal together that is broken over rows, 0.44774320469430284 \\ &\quad 9178324."""
    found, rest = list[Token](), list(tokens)
    for at, token in enumerate(rest):
        long = token.kind == "number" and len(token.text.partition(".")[2]) >= LONG
        if long and _goes_on(rest[at + 1 : at + 5]):
            more = rest[at + 3]
            whole = Token("number", token.text + more.text, token.start, more.end, token.tight)
            rest[at + 1 : at + 4] = [whole]
        else:
            found.append(token)
    return found


def _goes_on(after: list[Token]) -> bool:
    """Tell whether a row follows that holds digits and nothing else."""
    if len(after) < 4 or after[0].kind != "break" or after[1].text != "&" or after[2].kind != "number":
        return False
    return after[2].text.isdecimal() and after[3].kind in ("end", "break", "close")


def without_rows(tokens: list[Token]) -> list[Token]:
    r"""Return the tokens of a display whose array holds rows of a calculation, as if they were aligned.

    Such an array stands by itself, and there are relations between its columns: \begin{array}{rcl} a &=& b \\ &=& c.
    """
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _end_of_rows(tokens, at)
        if end and (not found or found[-1].kind == "break" or found[-1].text in TRANSPARENT):
            begin = behind_index(tokens, at + 1) if tokens[at + 1].text == "{" else at + 1
            found += _apart(tokens[begin:end])
            at = end + 1
        else:
            found.append(tokens[at])
            at += 1
    return found


def _apart(tokens: list[Token]) -> list[Token]:
    """Return the rows of an array with a comma between two cells that hold a relation each."""
    found = list(tokens)
    edges = [-1, *(n for n, t in enumerate(tokens) if _breaks_a_row(t)), len(tokens)]
    for before, here, after in zip(edges, edges[1:], edges[2:], strict=False):
        aligned = "relation" in (tokens[here - 1].kind, tokens[here + 1].kind) if after > here + 1 else True
        parts = _relates(tokens[before + 1 : here]) and _relates(tokens[here + 1 : after])
        if tokens[here].kind == "op" and parts and not aligned:
            found[here] = replace(tokens[here], text=",")
    return found


def _end_of_rows(tokens: list[Token], at: int) -> int:
    """Return where an array ends that begins here and has relations in its cells; 0 for anything else."""
    if tokens[at].kind != "open" or tokens[at].text != "\\array":
        return 0
    depth, relates = 0, False
    for n in range(at, len(tokens)):
        token = tokens[n]
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        relates = relates or (depth == 1 and token.kind == "relation")
        if depth == 0:
            return n if relates else 0
    return 0


def statements(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the runs of tokens between commas, words, arrows, and rows that do not go on."""
    part: list[Token] = []
    inside: list[str] = []
    columns, beside = 0, False  # signs & of the row: each second one parts columns, which stand beside each other
    kept: list[Token] = []  # of the row that is read: what stood before its words
    for i, token in enumerate(tokens):
        if token.kind in ("open", "close") and token.text in TRANSPARENT:
            continue
        if token.kind == "open":
            if beside and not inside and _parts_statements(part, tokens[i:]):
                yield part
                part = []
            beside = beside and bool(inside)
            inside.append(token.text)
        if inside:
            if not _breaks_a_row(token) or any(opening.startswith("\\") for opening in inside):
                part.append(token)
            inside = inside[:-1] if token.kind == "close" else inside
            continue
        if token.text == "&" and token.kind == "op":
            columns += 1
            beside = beside or columns % 2 == 0
            continue
        crossed, beside = beside, False
        columns = 0 if token.kind == "break" else columns
        if (token.apart or crossed) and _parts_statements(part, tokens[i:]):
            yield part
            part = []
        following = tokens[min(i + 1, len(tokens) - 1)]
        if _is_unit(token, part, following) or _is_in_number(part, tokens[i : i + 3]):
            part.append(token)
            continue
        if _is_name(token, part, following):
            part.append(token)
            continue
        if _tends(token, part, tokens[i + 1 :]):
            part.append(replace(token, kind="relation"))
            continue
        resumed = token.kind == "break" and bool(kept) and _next(tokens, i).kind == "relation"
        if resumed or _separates(token, part, tokens, i):
            if token.text == "?":
                part.append(token)
            if part:
                yield part
            if not kept and (token.kind == "text" or (token.text in (",", ".") and following.kind == "break")):
                kept = _last_side(part)
            part = list(kept) if resumed else []
            kept = [] if token.kind == "break" else kept
        elif token.kind != "break":
            part.append(token)
    if part:
        yield part


def _next(tokens: list[Token], i: int) -> Token:
    """Return what a row begins with, behind the end of another."""
    return next((t for t in tokens[i + 1 :] if t.text != "&" and t.kind != "break"), tokens[-1])


def _last_side(part: list[Token]) -> list[Token]:
    """Return the last side of a chain; nothing where it has only one."""
    last = max((n for n, t in enumerate(part) if t.kind == "relation"), default=-1)
    return part[last + 1 :] if last >= 0 else []


def _is_unit(token: Token, before: list[Token], after: Token) -> bool:
    """Tell whether words are the unit of the number before them, between two sides: 1440 min = 1 day."""
    return (
        token.kind == "text"
        and token.text.lower() not in CONNECTING
        and bool(before)
        and (before[-1].kind == "number" or _is_over_unit(before))
        and (after.kind in ("relation", "end") or after.text in SEPARATORS or _ends_a_row(token, after))
        and _relates(before)
    )


def _is_over_unit(before: list[Token]) -> bool:
    r"""Tell whether a unit and a sign stand before a second one: \text{km}/\text{h}, \text{kg} \cdot \text{m}."""
    units = any(t.kind == "text" for t in before[-6:])
    return (
        len(before) > 1 and before[-1].text in ("/", "*") and units and before[-2].kind in ("text", "number", "close")
    )


def _ends_a_row(word: Token, after: Token) -> bool:
    r"""Tell whether one word ends a row of a display: = 12 \text{ rad} \\ &= 12/2."""
    return _breaks_a_row(after) and word.text.strip().isalpha()


def _is_in_number(before: list[Token], ahead: list[Token]) -> bool:
    """Tell whether a comma stands in a number that is grouped in some other way: 13,07,67."""
    if len(ahead) < 3 or not before or not (before[-1].kind == ahead[1].kind == "number"):
        return False
    again = ahead[2].text == "," or (len(before) > 1 and before[-2].text == ",")
    return ahead[0].text == "," and ahead[0].tight and ahead[1].tight and again


def _breaks_a_row(token: Token) -> bool:
    """Tell whether a row of an aligned formula ends, or is aligned, here; in parentheses it goes on."""
    return token.kind == "break" or (token.kind == "op" and token.text == "&")


def _tends(token: Token, before: list[Token], after: list[Token]) -> bool:
    """Tell whether an arrow says what a formula without a relation tends to: 25^n → ∞."""
    if token.kind != "arrow" or token.text != "→" or not before or _relates(before):
        return False
    ends = (i for i, t in enumerate(after) if t.kind in ("text", "arrow", "end") or t.text in SEPARATORS)
    beyond = next(ends)
    return beyond > 0 and after[beyond].kind != "arrow" and not _relates(after[:beyond])


def _parts_statements(before: list[Token], after: list[Token]) -> bool:
    r"""Tell whether a wide space parts two statements: a = b \qquad c = d, but not a \quad - \quad b."""
    joins = (*JOINING, "^", "_", "⊙")
    if not _relates(before) or before[-1].kind == "relation" or after[0].kind == "relation":
        return False
    if before[-1].text in joins or (after[0].text in joins and (after[0].text != "-" or after[1].apart)):
        return False
    ends = (i for i, t in enumerate(after) if t.kind in ("text", "arrow", "break", "end") or t.text in SEPARATORS)
    return _relates(after[: next(ends)])


def _relates(tokens: list[Token]) -> bool:
    return any(t.kind == "relation" for t in tokens)


def _is_name(token: Token, before: list[Token], after: Token) -> bool:
    r"""Tell whether a word is the name of something that is not understood, as in round(2.5) or \text{rank}(A).

    Such a word makes its side unknown. One that joins statements, or names a unit behind a number, does not.
    """
    if token.kind == "text" and token.tight and after.tight and before and before[-1].kind == after.kind == "number":
        return True  # 9.5\text{e-}7
    if token.kind != "text" or not token.text.isalpha() or token.text.lower() in CONNECTING:
        return False
    if after.tight and after.text in ("(", "[", "_", "^"):
        return True
    if (
        before
        and before[-1].kind in ("number", "letter", "close")
        and (after.kind in ("number", "letter", "open", "frac") or (after.kind == "op" and after.text in JOINING))
    ):
        return True
    return token.tight and bool(before) and before[-1].text in ("_", "\\_")


def _separates(token: Token, part: list[Token], tokens: list[Token], i: int) -> bool:
    if token.kind in ("arrow", "text", "end"):
        return True
    if token.kind == "break":
        later = _next(tokens, i)
        goes_on = later.kind == "relation" or (later.kind == "op" and later.text in JOINING)
        joined = bool(part) and (part[-1].kind == "relation" or (part[-1].kind == "op" and part[-1].text in JOINING))
        return not (goes_on or joined)
    return token.kind == "op" and token.text in SEPARATORS
