"""How much one change touches: a new thing of each kind is added, and what it takes is counted."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import click
import pytest
from flint import arb

import symgrad as sg
import symgrad.arithmetic as arithmetic_package
from symgrad.algebra.expression import Constant
from symgrad.algebra.op import Op
from symgrad.arithmetic.closed import Closed
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.arithmetic.rational import Rational
from symgrad.arithmetic.scalars import ScalarFunctions
from symgrad.audit.audit import audit_text
from symgrad.audit.case import Case
from symgrad.audit.checks import table
from symgrad.audit.finding import Judgement, Word
from symgrad.claims.kind import Claim
from symgrad.cli.commands import COMMANDS
from symgrad.cli.main import main
from symgrad.cli.page import page
from symgrad.derivation.data import to_data
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.restore import from_data
from symgrad.derivation.rule import RULES
from symgrad.derivation.step import Step
from symgrad.errors import NotClosed
from symgrad.evidence.check import CHECKERS, check
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.export.claims.page import ClaimPage, laid_out
from symgrad.export.claims.presentation import ClaimPresentation
from symgrad.export.formats import FORMATS, Format
from symgrad.export.math import Display, Document, Name, Num, Part, Row
from symgrad.export.notation import notation
from symgrad.export.text import text
from symgrad.network.functions import LINEAR
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.record import Elementwise
from symgrad.ops.regularity import Regularity, regularity
from symgrad.reading.page.document import READERS
from symgrad.reading.tree import Number

ROOT = Path(__file__).parent.parent
SOURCES = {p: p.read_text(encoding="utf-8") for p in sorted((ROOT / "symgrad").rglob("*.py"))}

ISRU = Elementwise(
    "isru",
    value=lambda A, x: x / A.sqrt(1 + x**2),
    slope=lambda A, x: 1 / A.sqrt(1 + x**2) ** 3,
    text="ISRU",
    latex=r"\operatorname{ISRU}",
    steepest=lambda: 1,
)
SIZE = "size"
MEAN = Op(
    "mean",
    shape=lambda s: (),
    value=lambda A, x: A.total(x) / A.total(A.ones_like(x)),
    jacobian=lambda M, x, out: (
        M.compose(M.scale(1 / Constant(SIZE, x[0].shape)), M.row(Constant("1", x[0].shape), x[0].shape)),
    ),
    pullback=lambda A, g, _, x: (g * A.ones_like(x) / A.total(A.ones_like(x)),),
    arity=1,
    kind="function",
)


@pytest.fixture
def isru(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one record, and nothing else."""
    monkeypatch.setitem(ELEMENTWISE, ISRU.name, ISRU)


@pytest.fixture
def mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one operation, and its name."""
    monkeypatch.setitem(LINEAR, MEAN.name, MEAN)


# --- an activation ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("isru")
def test_an_activation_is_one_record(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert regularity(ISRU) is Regularity.ANALYTIC
    # 1 - sqrt(pi e / 2) erfc(1/sqrt(2)), by hand
    assert sg.gain("isru").second.to(9) == "0.344320458"
    assert sg.critical("isru").weight_variance.to(9) == "1.00000000"
    assert sg.critical("isru", "1/10").fixed_point is not None
    assert str(sg.model("chain").bind("isru").derivative("a[L]", "a[0]").bound("abs(w) <= 1/2")) == "2^(-L)"
    assert sg.critical_weights()["isru"].exact == 1
    found = sg.maximise("isru'(x)")
    assert (found.value.exact if found.value else None, found.where) == (1, "at x = 0")
    assert sg.maximise("isru(x)").where == "approached as x → oo"
    gradient = sg.model("chain").bind("isru", cost="quadratic").derivative("C", "b[1]")
    assert gradient.verify(seed=0).verdict.name == "PROVED"
    arguments = ["derive", "chain", "--of", "a[j]", "--wrt", "a[j-1]", "--activation", "isru"]
    assert main([*arguments, "--detail", "unfolded"]) == 0
    assert "σ is ISRU." in capsys.readouterr().out
    file = tmp_path / "isru.json"
    assert main([*arguments, "--detail", "steps", "--format", "json", "-o", str(file)]) == 0
    assert main(["verify", str(file)]) == 0
    capsys.readouterr()


@pytest.mark.usefixtures("isru")
def test_a_new_activation_is_in_the_table_of_gains(capsys: pytest.CaptureFixture[str]) -> None:
    from symgrad.cli import gain

    assert "isru" in [f.name for f in gain.activations()]
    assert main(["gain", "isru", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("isru")
@pytest.mark.parametrize(
    ("claim", "word"),
    [
        (r"\operatorname{ISRU}(1) = \frac{1}{\sqrt{2}}", "confirmed"),
        (r"\operatorname{ISRU}(1) = 0.6", "refuted"),
        (r"\operatorname{ISRU}'(x) = (1 + x^2)^{-3/2}", "confirmed"),
        (r"\operatorname{ISRU}(x) = 1.5", "impossible"),
        (r"|\operatorname{ISRU}'(x)| < 1", "refuted"),
    ],
)
def test_the_audit_reads_a_new_activation(claim: str, word: str) -> None:
    assert [str(f.word) for f in audit_text("a.md", f"${claim}$", everything=True, timeout=20).findings] == [word]


def test_the_name_of_an_activation_stands_in_one_source_file() -> None:
    for name in ("mish", "hard_swish", "relu6", "celu", "hard_tanh", "hard_sigmoid", "lecun_tanh", "gelu_tanh"):
        code = {p: re.sub(r'"""(?s:.*?)"""|#.*', "", text) for p, text in SOURCES.items()}
        assert len([p for p, text in code.items() if f'"{name}"' in text]) == 1, name


# --- an operation of vectors -----------------------------------------------------------------------------


@pytest.mark.usefixtures("mean")
def test_an_operation_is_one_record_and_its_name() -> None:
    gradient = sg.parse("x: (n,)\nC = mean(x*x)").derivative("C", "x")
    assert str(gradient) == "(2/n) xᵀ"
    assert gradient.latex() == r"\frac{2}{n}\, x^{\mathsf T}"
    assert gradient.verify(seed=0).verdict.name == "PROVED"
    assert gradient.sympy().shape[0] == 1
    exact = gradient.evaluate({"x": [1, 2, 3]}, "exact")
    assert [Fraction(int(q.p), int(q.q)) for q in exact] == [Fraction(2, 3), Fraction(4, 3), 2]
    ball = gradient.evaluate({"x": [1, 2, 3]}, "ball")
    assert all(x.overlaps(arb(y)) for x, y in zip(ball, exact, strict=True))


@pytest.mark.usefixtures("mean")
def test_an_operation_in_a_deeper_network() -> None:
    text = "x[0]: (n,)\nx[j] = tanh(x[j-1] - mean(x[j-1]))\nC = mean(x[L]*x[L])"
    gradient = sg.parse(text).derivative("C", "x[0]")
    assert "(I - (1/n) 𝟏 𝟏ᵀ)" in str(gradient)
    checks = {c.method: c.verdict.name for c in gradient.verify(seed=0).checks}
    assert checks["induction over the depth"] == "PROVED"
    assert {checks[m] for m in ("backpropagation", "tangents", "float64", "SymPy diff", "as printed")} == {"SAMPLED"}


# --- an audit check --------------------------------------------------------------------------------------


def famous(case: Case) -> Judgement | None:
    """A whole check: it knows that 1729 is famous."""
    if case.right == Number(Fraction(1729), "1729"):
        return Judgement(Word.CONFIRMED, reason="Ramanujan", kind="fame")
    return None


def test_an_audit_check_is_a_function_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "$n = 1729$ and $n = 1730$"
    assert [f.kind for f in audit_text("a.md", text, everything=True).findings] == ["", ""]
    monkeypatch.setattr(table, "CHECKS", (table.AuditCheck(famous), *table.CHECKS))
    found = audit_text("a.md", text, everything=True).findings
    assert (str(found[0].word), found[0].kind, found[0].reason) == ("confirmed", "fame", "Ramanujan")
    assert found[1].kind == ""


def test_an_audit_check_is_named_in_its_file_and_in_the_table() -> None:
    for judge in {row.judge for row in table.CHECKS}:
        name, module = judge.__name__, judge.__module__
        importing = re.compile(rf"from {re.escape(module)} import (?:\([^)]*|[^\n]*)\b{name}\b")
        assert [p.name for p, text in SOURCES.items() if importing.search(text)] == ["table.py"], name


# --- an elementary function ------------------------------------------------------------------------------


CLOSED_SOMEWHERE = {"closed.py", "holomorphic.py"}
"""Number systems that refuse a function which they do not know: atan(1) = π/4, its branches in the complex plane."""


def test_an_elementary_function_is_a_line_in_each_number_system() -> None:
    """atan, as every function that is not composed of others: its record, the protocol, and the number systems."""
    line = re.compile(r"^\s+(?:atan = |atan: Function|def atan\()", re.MULTILINE)
    systems = {p.name: p for p, text in SOURCES.items() if line.search(text)}
    assert len(systems.keys() - CLOSED_SOMEWHERE) + 1 <= 10, systems
    assert all(p.parts[-2] in ("arithmetic", "extremum", "tail", "expectation") for p in systems.values())
    assert "atan" in ScalarFunctions.__annotations__


@pytest.mark.parametrize("A", [Rational(), Closed()], ids=lambda A: A.name)
def test_an_exact_number_system_refuses_a_function_that_it_does_not_know(A: Arithmetic) -> None:
    for function in ("tan", "expm1", "erfc", "softplus", "logistic"):
        with pytest.raises(NotClosed, match=function):
            getattr(A, function)(A.number(Fraction(1, 3)))


# --- a kind of claim ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evenness(Claim):
    """A whole number is even: the record of a new kind."""

    kind: ClassVar[str] = "evenness"

    number: int

    def __str__(self) -> str:
        return f"{self.number} is even"


def check_evenness(claim: Evenness, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """The checker of the new kind."""
    even = claim.number % 2 == 0
    yield Check(
        "division by 2", Verdict.PROVED if even else Verdict.REFUTED, counterexample="" if even else "1 is left"
    )


def lay_out_evenness(claim: Evenness, page: ClaimPage) -> Iterator[Part]:
    """The layout of the new kind."""
    yield Display(Row((Num(Fraction(claim.number)), Name("mod", whole=True), Num(Fraction(2)))), Num(Fraction(0)))


def test_a_kind_of_claim_is_a_record_a_checker_and_a_layout() -> None:
    CHECKERS.register("evenness", check_evenness)  # a file in symgrad/evidence
    laid_out.register(Evenness, lay_out_evenness)  # a function in symgrad/export/claims
    step = Step(Evenness(4), RULES["algebra"])
    assert [str(check(Evenness(n)).verdict) for n in (4, 5)] == ["PROVED", "REFUTED"]
    stored = json.loads(json.dumps(to_data(Derivation("", (step,)))))
    assert from_data(stored).steps[0].claim == Evenness(4)
    document = Document(tuple(ClaimPresentation(notation("nielsen")).parts(Evenness(4))))
    assert FORMATS["text"].write(document) == "4 mod · 2 = 0\n"


# --- an export format, a command, a number system, a catalogue entry, a notation --------------------------------


def module(monkeypatch: pytest.MonkeyPatch, name: str, **contents: object) -> None:
    """A new file, as if it stood in the package."""
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    for key, value in contents.items():
        setattr(sys.modules[name], key, value)


def test_an_export_format_is_a_writer_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "symgrad.export.shout", shout=lambda document: text(document).upper())
    monkeypatch.setitem(FORMATS, "shout", Format("shout", "txt", "shout:shout", "table:table_text"))
    monkeypatch.setitem(READERS, "shout", lambda page: READERS["text"](page))  # a row of reading/page
    document = sg.model("chain").derivative("a[2]", "a[1]").presentation().document()
    assert page(document, "shout", None).startswith("∂A_2/∂A_1 = W_2")
    for name in ("markdown", "html"):  # LaTeX and text are those that are read back
        importing = re.compile(rf"from symgrad.export.{name} import .*\b{name}\b|import_module\(.*{name}")
        users = {p.relative_to(ROOT / "symgrad").as_posix() for p, code in SOURCES.items() if importing.search(code)}
        pages = {"export/book.py", "export/book_html.py", "api/derivation.py", "api/notebook.py"}
        assert users <= pages, name  # the book, d.markdown(), and what a notebook shows


def test_a_command_is_a_file_and_a_row(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command("greet")
    def command() -> int:
        click.echo("hello")
        return 0

    module(monkeypatch, "symgrad.cli.greet", command=command)
    monkeypatch.setitem(COMMANDS, "greet", "Say hello.")
    assert main(["greet"]) == 0
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.startswith("hello\nUsage")


def test_a_number_system_is_a_file_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    class Halves(Rational):
        name = "halves"

        def describe(self) -> str:
            return "rational numbers, once more"

    module(monkeypatch, "symgrad.arithmetic.halves", Halves=Halves)
    monkeypatch.setitem(arithmetic_package._CLASSES, "halves", ("halves", "Halves"))
    gradient = sg.model("chain").bind("relu", cost="quadratic").derivative("C", "b[1]", depth=1)
    values = {"w": [2], "b": [1], "a[0]": 1, "y": 1}
    assert gradient.evaluate(values, "halves") == gradient.evaluate(values, "exact") == 2


def test_a_catalogue_entry_is_a_file_and_a_row() -> None:
    files = {p.stem: p.read_text(encoding="utf-8") for p in (ROOT / "derivations").glob("*.py")}
    for name in files.keys() - {"__init__"}:
        importing = [file for file, code in files.items() if re.search(rf"^    {name},$", code, re.MULTILINE)]
        assert importing in (["__init__"], []), name  # none: a part of an entry
        assert not any(f"derivations.{name}" in code for code in SOURCES.values())


def test_a_notation_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[names]\nW = "V"\n', encoding="utf-8")
    gradient = sg.model("rnn").bind("tanh").derivative("s[2]", "s[1]")
    assert "V" in gradient.latex(str(tmp_path / "mine.toml"))


def test_the_places_that_the_page_names_are_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:symgrad|tests|derivations)/[\w/.]*)`", page)
    assert len(named) > 15
    for path in named:
        assert (ROOT / path).exists(), path
