"""A document as HTML that stands by itself: MathML for the mathematics, no script, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from symgrad.export.lines import FACTOR, SIGN, Line, Piece, broken
from symgrad.export.math import (
    NOTHING,
    Call,
    Comment,
    Display,
    Document,
    Dotted,
    Frac,
    Grid,
    Heading,
    Listing,
    Paren,
    Part,
    Power,
    Symbol,
    Text,
)
from symgrad.export.mathml import infix, joint, math_mathml, mathml, sign
from symgrad.export.setting import BARE, EQUATION, PLAIN, Setting
from symgrad.export.width import piece_width, width
from symgrad.export.words import Scripted, written

BROAD, NARROW = 38.0, 19.0
"""Room for an equation, in em, before it is broken, on a broad and on a narrow screen; the page chooses."""

WHOLE = (Frac, Paren, Call, Power, Grid)
"""What is easier to read on a narrow screen by moving it sideways than in pieces."""

SPACE = '<mspace width="1em"></mspace>'

STYLE = """
:root { color-scheme: light; }
body { font: 1.06rem/1.55 Georgia, 'Times New Roman', serif; color: #1b1b1b; background: #fff;
       max-width: 46rem; margin: 0 auto; padding: 1.2rem; }
h1, h2, h3 { line-height: 1.25; font-weight: 600; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; } h3 { font-size: 1.1rem; }
a { color: #124b8f; }
pre { background: #f5f5f2; padding: .7rem .9rem; overflow-x: auto; font-size: .86rem; line-height: 1.4; }
.equation { overflow-x: auto; overflow-y: hidden; padding: .45rem 0; display: flex; align-items: center; }
.equation math { flex: 1; }
.number { padding-left: 1rem; }
math { font-size: 1.08em; } mtd.right { text-align: right; padding-right: 0; }
mtd.left { text-align: left; padding-left: 0; }
.source { color: #555; font-style: italic; }
.step { margin: 1.1rem 0; } .step > p { margin: .2rem 0; }
.number { color: #777; margin-right: .3rem; }
.rule { color: #666; font-size: .88rem; }
details.verdict { display: inline-block; font-size: .82rem; vertical-align: top; }
details.verdict[open] { display: block; background: #f7f7f4; border-left: 3px solid #bbb; padding: .3rem .7rem; }
details.verdict > summary { cursor: pointer; letter-spacing: .04em; color: #1d6b34; }
details.verdict > summary.SAMPLED { color: #6b5a11; } details.verdict > summary.ENCLOSED { color: #124b8f; }
details.verdict > summary.UNKNOWN, details.verdict > summary.REFUTED { color: #a11; }
details.verdict ul { margin: .3rem 0; padding-left: 1.1rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { text-align: left; padding: .25rem .9rem .25rem 0; }
td.count { text-align: right; } tr { border-bottom: 1px solid #ddd; }
figure { margin: 1.6rem 0; text-align: center; } figure svg, figure img { max-width: 100%; height: auto; }
figcaption { font-size: .92rem; color: #444; }
math.narrow { display: none; }
@media (max-width: 30rem) {
  body { padding: .8rem; } math { font-size: .92em; }
  math.narrow { display: block math; } math.broad { display: none; }
}
"""


def page(title: str, body: Iterable[str]) -> str:
    """Return a whole HTML page; ``body`` is HTML."""
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )
    return head + "\n".join(body) + "\n</body>\n</html>\n"


def html(document: Document, setting: Setting = PLAIN) -> str:
    """Return a document as the HTML of its parts; an equation with a name has it as its id."""
    together = groupby(document.parts, key=lambda p: isinstance(p, Display))
    return "\n".join(_group(list(parts), setting) for _, parts in together)


def html_file(document: Document, title: str, setting: Setting = PLAIN) -> str:
    """Return a document as a whole HTML page."""
    return page(title, [html(document, setting) + "\n"])


def prose(text: Text) -> str:
    """Return words with the mathematics between them."""
    return "".join(words_html(x) if isinstance(x, str) else math_mathml(x) for x in text.items)


def words_html(words: str) -> str:
    """Return a sentence; what has an index or a power is set with it.

    >>> print(words_html("a < b: s_2, 1.5^149"))
    a &lt; b: <i>s</i><sub>2</sub>, 1.5<sup>149</sup>
    """
    return written(words, escape, _scripted)


def _scripted(s: Scripted) -> str:
    base = f"<i>{escape(s.base)}</i>" if s.base.isalpha() else escape(s.base)
    below, above = (escape(x.replace("-", "−")) for x in (s.below, s.above))
    return base + (f"<sub>{below}</sub>" if below else "") + (f"<sup>{above}</sup>" if above else "")


def _group(parts: list[Part], setting: Setting) -> str:
    displays = [p for p in parts if isinstance(p, Display)]
    if not displays:
        return "\n".join(map(_part, parts))
    if setting.env == BARE:
        return "\n".join(map(_inline, displays))
    each = setting.env == EQUATION or (setting.labels and setting.env is None)
    return "\n".join(_equations([d]) for d in displays) if each else _equations(displays)


def _inline(d: Display) -> str:
    """Return an equation as it stands in a sentence."""
    left = mathml(d.left) + sign(d.relation) if d.left != NOTHING else ""
    return f"<math><mrow>{left}{mathml(d.right)}{_steps(d) if d.steps else ''}</mrow></math>"


def _equations(displays: list[Display]) -> str:
    """Set equations one below the other, aligned at their relations; long ones are broken over lines."""
    broad, narrow = ("".join(row for d in displays for row in _rows(d, line)) for line in (BROAD, NARROW))
    label = next((d.label for d in displays if d.label), "")
    name = next((d.name or d.label for d in displays if d.name or d.label), "")
    anchor = f' id="{escape(name, quote=True)}"' if name else ""
    number = f'<span class="number">({escape(label)})</span>' if label else ""
    tables = _table(broad) if broad == narrow else _table(broad, "broad") + _table(narrow, "narrow")
    return f'<div class="equation"{anchor}>{tables}{number}</div>'


def _table(rows: str, screen: str = "") -> str:
    chosen = f' class="{screen}"' if screen else ""
    return f'<math display="block"{chosen}><mtable displaystyle="true">{rows}</mtable></math>'


def _rows(d: Display, room: float) -> Iterator[str]:
    whole = WHOLE if room == NARROW else ()
    left = width(d.left)
    relation = sign(d.relation) if d.relation else ""
    below = left > room / 2 and left + width(d.right) > room
    first, *others = broken(d.right, room if below else room - left, piece_width, whole)
    if below:
        yield _cells("", mathml(d.left))
        yield _cells("", f"{SPACE}{relation}{_line(first)}")
    else:
        beside = bool(d.steps) and not others and left + width(d.right) + STEPS <= room
        yield _cells(mathml(d.left), f"{relation}{_line(first)}{_steps(d) if beside else ''}")
        if beside:
            return
    for line in others:
        begin = {FACTOR: f"{SPACE}{SPACE}<mo>·</mo>", SIGN: SPACE}.get(line[0].joint, SPACE)
        yield _cells("", begin + _line(line))
    if d.steps:
        yield _cells("", _steps(d))


STEPS = 10.0
"""Room that the range of an index takes, in em."""


def _steps(d: Display) -> str:
    """Return for which steps an equation holds."""
    ranges = [
        f"{mathml(s.symbol)}{sign('=')}{mathml(s.first)}{sign(',')}{sign('…')}{sign(',')}{mathml(s.last)}"
        for s in d.steps
    ]
    return SPACE + "<mtext>for</mtext>" + SPACE + f"{SPACE}<mtext>and</mtext>{SPACE}".join(ranges)


def _cells(left: str, right: str) -> str:
    cells = ("right", left), ("left", right)
    return f"<mtr>{''.join(f'<mtd class={side!r}><mrow>{x}</mrow></mtd>' for side, x in cells)}</mtr>"


def _line(line: Line) -> str:
    return "".join(_piece(p, i) for i, p in enumerate(line))


def _piece(p: Piece, i: int) -> str:
    inner = p.math.factor if isinstance(p.math, Dotted) else p.math
    if isinstance(inner, Symbol) and not inner.text.isalpha():
        return (joint(p.math, i) if isinstance(p.math, Dotted) else "") + infix(inner.text)
    return (joint(p.math, i) if p.joint == FACTOR else "") + mathml(p.math)


def _part(part: Part) -> str:
    match part:
        case Heading(words, level):
            return f"<h{level}>{words_html(words)}</h{level}>"
        case Listing(lines):
            return f"<pre>{escape(lines)}</pre>"
        case Text():
            return f"<p>{prose(part)}</p>"
        case Comment(words):
            return f"<!-- {escape(words).replace('--', '- -')} -->"
    raise TypeError(f"not a part: {part!r}")
