"""Findings as an HTML page that stands by itself: the text around each, the claim typeset, the value, the reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from symgrad.audit.audit import Audited, Extract
from symgrad.audit.finding import Finding, Word
from symgrad.audit.report.tally import Tally
from symgrad.audit.report.typeset import typeset
from symgrad.audit.report.words import printable
from symgrad.export.html import page as html_page

_EXPONENT = re.compile(r"\^(-?\d+)")
STYLE = """<style>
h2 { overflow-wrap: anywhere; }
.finding { border-left: 4px solid #bbb; padding: .1rem 0 .3rem .9rem; margin: 1.4rem 0; }
.finding.refuted, .finding.impossible { border-color: #a11; } .finding.note { border-color: #8a6d1d; }
.finding.confirmed { border-color: #1d6b34; }
.finding h3 { margin: .2rem 0; font-size: .95rem; overflow-wrap: anywhere; }
.finding h3 b { text-transform: uppercase; letter-spacing: .05em; font-size: .8rem; margin-right: .5rem; }
.refuted h3 b, .impossible h3 b { color: #a11; } .note h3 b { color: #775c10; } .confirmed h3 b { color: #1d6b34; }
.claim { overflow-x: auto; font-size: 1.15rem; margin: .5rem 0; padding: .1rem 0; }
.claim code { overflow-wrap: anywhere; font-size: .95rem; }
.finding dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .8rem; margin: .4rem 0; }
.finding dt { color: #666; } .finding dd { margin: 0; overflow-wrap: anywhere; }
.finding pre { margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.finding pre .here { background: #fbeeb8; display: block; } .finding pre i { color: #6b6b6b; font-style: normal; }
.legend { color: #555; font-size: .9rem; }
.error { color: #a11; white-space: pre-wrap; }
</style>"""


LEGEND = (
    '<p class="legend">Refuted is what is certainly wrong as it is printed: a number by rigorous error bounds, an '
    "identity by the place that is named, a derivative by differentiating. Notes are truncated digits, and formulas "
    "that hold on a part of their domain. What was not understood is not judged.</p>"
)


def audit_page(audited: Iterable[Audited]) -> str:
    """Return the page; text of the audited files is escaped, wherever it stands.

    >>> from symgrad.audit.audit import audit_text
    >>> shown = audit_page([audit_text("<a>.md", "<b> It is $1.5^3 = 3.5$.")])
    >>> "<a>" in shown, "<b> It" in shown, "<dd>3.375</dd>" in shown
    (False, False, True)
    """
    tally = Tally()
    files = list(_files(tally.of(audited)))
    parts = [STYLE, "<h1>Audit</h1>", f"<p>{escape(tally.summary().plain)}</p>", LEGEND, *files]
    return html_page("Audit", parts).encode("utf-8", "replace").decode()  # half characters have no place in UTF-8


def _files(files: Iterable[Audited]) -> Iterator[str]:
    for file in files:
        if file.findings or file.error:
            yield f"<h2>{_safe(file.file)}</h2>"
        if file.error:
            yield f'<p class="error">{_safe(file.error)}</p>'
        above: tuple[Extract, int] | None = None
        for n, finding in enumerate(file.findings):
            extract = file.extracts[n] if n < len(file.extracts) else Extract(1, ())
            here = extract, finding.place.line
            yield _finding(finding, Extract(1, ()) if here == above else extract)  # several in a line: it stands once
            above = here


def _finding(finding: Finding, extract: Extract) -> str:
    kind = {Word.UNCHECKED: "unchecked"}.get(finding.word, str(finding.word))
    place = finding.place
    where = f"cell {place.cell}, line {place.line}" if place.cell else f"line {place.line}"
    shown = typeset(finding.claim) or f"<code>{_safe(finding.claim)}</code>"
    label = "right is" if finding.word.flags else "computed"
    rows = [(label, finding.value)] if finding.value and finding.value not in finding.reason else []
    rows += [("because", finding.reason)] if finding.reason else []
    rows += [("read with", finding.reading)] if finding.reading else []
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{_raised(_safe(value))}</dd>" for name, value in rows)
    return (
        f'<section class="finding {kind}"><h3><b>{finding.word}</b>{where}</h3><div class="claim">{shown}</div>'
        f"{f'<dl>{listed}</dl>' if listed else ''}{_text(extract, place.line)}</section>"
    )


def _text(extract: Extract, line: int) -> str:
    """Return the lines around a finding; its own is marked."""
    if not extract.lines:
        return ""
    rows = []
    for n, row in enumerate(extract.lines, start=extract.first):
        shown = f"<i>{n}</i>  {_safe(row)}"
        rows.append(f'<span class="here">{shown}</span>' if n == line else f"{shown}\n")
    return f"<pre>{''.join(rows)}</pre>"


def _raised(html: str) -> str:
    return _EXPONENT.sub(r"<sup>\1</sup>", html).replace("<sup>-", "<sup>−")


def _safe(text: str) -> str:
    return escape(printable(text))
