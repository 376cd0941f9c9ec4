"""How much one change touches: a new activation, operation and elementary function, counted."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from flint import arb

import symgrad as sg
from symgrad.algebra.expression import Constant
from symgrad.algebra.op import Op
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.audit.audit import audit_text
from symgrad.audit.case import Case
from symgrad.audit.checks import table
from symgrad.audit.finding import Judgement, Word
from symgrad.cli.main import main
from symgrad.network.functions import LINEAR
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.record import Elementwise
from symgrad.ops.regularity import Regularity, regularity
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
    assert str(sg.model("chain").bind("isru").derivative("a[L]", "a[0]").bound("abs(w) <= 1/2")) == "2^-L"
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
    for judge in {check.judge for check in table.CHECKS}:
        name, module = judge.__name__, judge.__module__
        importing = re.compile(rf"from {re.escape(module)} import [^\n]*\b{name}\b")
        assert [p.name for p, text in SOURCES.items() if importing.search(text)] == ["table.py"], name


# --- an elementary function ------------------------------------------------------------------------------


def test_an_elementary_function_is_a_line_in_each_number_system() -> None:
    """atan, as every function that is not composed of others: its record, the protocol, and the number systems."""
    line = re.compile(r"^\s+(?:atan = |atan: Function|def atan\()", re.MULTILINE)
    systems = [p for p, text in SOURCES.items() if line.search(text)]
    assert len(systems) <= 13, systems
    assert all(p.parts[-2] in ("arithmetic", "extremum", "tail", "expectation") for p in systems)
    assert "atan" in Arithmetic.__annotations__


def test_the_places_that_the_page_names_are_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:symgrad|tests|derivations)/[\w/.]*)`", page)
    assert len(named) > 15
    for path in named:
        assert (ROOT / path).exists(), path
