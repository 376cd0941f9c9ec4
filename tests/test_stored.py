"""Stored derivations: both formats, every kind of claim, and a kind that is added from outside."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import ClassVar

import pytest

import symgrad as sg
from symgrad.claims.kind import Claim, kinds
from symgrad.cli.main import main
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data
from symgrad.evidence.check import CHECKERS
from symgrad.evidence.evidence import Check
from symgrad.export.claims.page import laid_out
from symgrad.export.formats import FORMATS
from symgrad.export.math import Display, Name
from symgrad.export.stored import moved, read_stored
from symgrad.export.text import text
from symgrad.network.formula import Formula, read_formula

FIRST = (Path(__file__).parent / "stored" / "first_format.json").read_text(encoding="utf-8")
"""Written by symgrad 0.1.0: a step of every kind, and a derivation by the chain rule."""


def test_the_first_format_is_read():
    derivation, kept = read_stored(FIRST)
    assert {s.claim.kind for s in derivation.steps} == set(kinds())
    assert moved(derivation, kept) == []


def test_the_second_format_says_the_same():
    derivation, _ = read_stored(FIRST)
    data = json.loads(json.dumps(to_data(derivation)))
    again = from_data(data)
    assert data["format"] == 2
    assert [str(s.claim) for s in again.steps] == [str(s.claim) for s in derivation.steps]
    assert to_data(again) == to_data(derivation)


@pytest.mark.parametrize(
    "right",
    [
        "tr(W@W)",
        "logdet(W)",
        "sum(inv(W)@x)",
        "sum(diag(x)@x)",
        "sum(max(x, 0))",
        "sum(where(x > 0, x, 0))",
        "sum(clip(x, 0, 1))",
        "norm(x)",
        "max(x)",
        "std(x)",
        "logsumexp(x)",
        "sum(softmax(W, axis=-1)**2)",
        "sum(mean(W, axis=0)**2)",
    ],
)
def test_every_operation_is_stored(right):
    model = sg.parse(f"W: (n, n)\nx: (n,)\nC = {right}")
    derivation = model.derive("C", "x" if "W" not in right else "W")
    again = from_data(json.loads(json.dumps(to_data(derivation))))
    assert [s.claim.form.map for s in again.steps[1:]] == [s.claim.form.map for s in derivation.steps[1:]]


def test_another_format_is_refused():
    with pytest.raises(sg.SymgradError, match="its format is 3, and 1 and 2 are read"):
        read_stored(json.dumps(json.loads(FIRST) | {"format": 3}))


@dataclass(frozen=True)
class Parity(Claim):
    """formula(-x) = formula(x)."""

    kind: ClassVar[str] = "parity"

    formula: Formula
    variable: str

    def __str__(self):
        return f"{self.formula} is even in {self.variable}"


def check_parity(claim, seed, digits):
    """Yield one check."""
    yield Check("by hand", sg.Verdict.SAMPLED if claim.formula.text == "x^2" else sg.Verdict.REFUTED)


@laid_out.register
def _(claim: Parity, page):
    yield Display(page.formula(claim.formula), Name("even"), "=", page.label)


def test_a_new_kind_is_a_record_a_checker_and_a_layout():
    CHECKERS.register("parity", check_parity)
    draft = sg.Draft("parity")
    draft.add(Parity(read_formula("x^2"), "x"), "algebra")
    derivation = draft.derivation()
    again = from_data(json.loads(json.dumps(to_data(derivation)))).checked()
    assert str(again.steps[0].claim) == str(derivation.steps[0].claim)
    assert str(again.verdict) == "SAMPLED"
    assert r"x^{2} &= \mathrm{even}" in derivation.checked().latex()


def test_a_kind_that_has_no_file_is_not_known():
    data = json.loads(FIRST)
    data["steps"][0]["claim"] = {"kind": "os", "name": "x"}
    with pytest.raises(sg.SymgradError, match="unknown kind of claim 'os'"):
        from_data(data)


# --- what is not right in a file ----------------------------------------------------------------------


def written(derivation):
    """Return a derivation as it is stored, without digests: nobody says how it was printed."""
    data = json.loads(json.dumps(to_data(derivation)))
    assert not any("digest" in s for s in data["steps"])
    return data


def relation(low="20", high="50"):
    draft = sg.Draft("a line")
    draft.states("x <= 60", "20 <= x <= 50")
    data = written(draft.derivation())
    interval = data["steps"][0]["claim"]["domain"][0]
    interval["low"], interval["high"] = ["Fraction", low], ["Fraction", high]
    return data


def derived(**changed):
    data = written(sg.model("chain").derive("C", "b[1]", depth=2))
    data["steps"][-1]["claim"]["form"] |= changed
    return data


REFUSED = [
    (relation("60"), "the interval 60 ≤ x ≤ 50 is empty"),
    (relation("1e100000000"), "is no fraction"),
    (relation("1/0"), "is no fraction"),
    (relation("9" * 20_000), "is no fraction"),
    (relation("0x1"), "is no fraction"),
    (derived(depth=10**9), "int cannot be '1000000000'"),
    (derived(depth=True), "int cannot be 'True'"),
    (derived(map=None), "LinearMap cannot be 'None'"),
    (derived(map=["Scale", None]), "Expression cannot be 'None'"),
    (derived(map=["Compose", [["Quantity", "a", 1]]]), "LinearMap cannot be"),
    (derived(network=1), "there is no network 1"),
    (derived(extra=1), "'extra' is unknown"),
    (derived(wrt=["Quantity", "zz", 1]), "unknown quantity 'zz'"),
    (derived(of=["Quantity", "zz", None]), "unknown quantity 'zz'"),
    (derived(of=["Quantity", "a", ["Index", "j", 10**9]]), "int cannot be"),
    ({**relation(), "steps": [{**relation()["steps"][0], "premises": [1]}]}, "does not come before it"),
    ({**relation(), "title": None}, "'title' is no text"),
    ([], "it is no object"),
]


@pytest.mark.parametrize(("data", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_is_no_derivation_is_refused(data, said, tmp_path, capsys):
    file = tmp_path / "stored.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    assert main(["verify", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_without_end_is_not_read(capsys):
    assert main(["verify", "/dev/zero"]) == 2
    assert "more than 20,000,000 bytes" in capsys.readouterr().err


def test_text_of_a_file_is_no_verdict(tmp_path, capsys):
    file = tmp_path / "stored.json"
    file.write_text(json.dumps({**relation(), "title": "x\nREFUTED: y\x1b[31m"}), encoding="utf-8")
    assert main(["verify", str(file)]) == 0
    shown = capsys.readouterr().out
    assert r"PROVED: x\nREFUTED: y\x1b[31m" in shown
    assert "\x1b" not in shown


def renamed(node):
    """Change the name of what stands under ∂C/∂a_2."""
    if isinstance(node, list) and node[:1] == ["Partial"]:
        node[2] = ["Quantity", "a", 1]
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        renamed(inner)


def test_a_value_under_another_name_is_refuted():
    data = derived()
    renamed(data["steps"][-1]["claim"])
    step = from_data(data).checked().steps[-1]
    assert step.evidence.verdict is sg.Verdict.REFUTED
    assert "∂C/∂a[1]" in step.evidence.counterexample


def test_a_step_does_not_follow_from_what_is_wrong():
    draft = sg.Draft("premises")
    wrong = draft.states("x <= 1")
    between = draft.states("x = x", premises=(wrong,))
    draft.states("2*x = x + x", premises=(between,))
    page = str(draft.derivation().checked())
    assert "PROVED]" not in page
    assert "(3) UNKNOWN: the formula is left out. it rests on step 1, which is REFUTED" in page


def test_what_holds_at_points_says_at_how_many():
    draft = sg.Draft("points")
    draft.states("erf(x) + erf(y) <= 2")
    for page in (draft.derivation().checked().latex(), draft.derivation().checked().markdown()):
        assert "SAMPLED, checked at 25 points" in page


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_file_is_refused_or_checked(seed):
    """Parts of claims are put in the place of others; nothing but an error of ours may come of it."""
    random, kinds_of = Random(seed), {"relation", "limit", "slope", "jacobian", "definition", "moments", "solutions"}
    data = written(read_stored(FIRST)[0])
    data["errata"] = []
    steps = [s for s in data["steps"] if s["claim"]["kind"] in kinds_of]
    parts = [p for s in steps for p in inside(s["claim"])]
    for _ in range(60):
        step = {**json.loads(json.dumps(random.choice(steps))), "premises": []}
        holder = random.choice([p for p in inside(step["claim"]) if isinstance(p, dict | list) and p])
        key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        holder[key] = json.loads(json.dumps(random.choice([*parts, None, -1, "", "oo", []])))
        with contextlib.suppress(sg.SymgradError):
            from_data({**data, "steps": [step]}).checked()


def inside(x):
    """Yield a piece of data and all pieces in it."""
    yield x
    for y in x.values() if isinstance(x, dict) else x if isinstance(x, list) else ():
        yield from inside(y)


def test_a_page_that_says_something_else_does_not_pass(tmp_path, monkeypatch, capsys):
    path = tmp_path / "chain.json"
    assert (
        main(
            [
                "derive",
                "chain",
                "--of",
                "C",
                "--wrt",
                "b[1]",
                *["--detail", "steps", "--format", "json", "-o"],
                str(path),
            ]
        )
        == 0
    )
    assert main(["verify", str(path)]) == 0
    wrong = SimpleNamespace(write=lambda document: text(document).replace("σ'", "σ"))
    monkeypatch.setitem(FORMATS, "text", wrong)
    capsys.readouterr()
    assert main(["verify", str(path)]) == 1
    assert "REFUTED" in capsys.readouterr().out


def test_a_number_in_the_place_of_a_node_is_told():
    whole = to_data(read_stored(FIRST)[0])

    def spoiled(tree):
        """Yield the whole with one list in it, which may be a node, replaced by a number."""
        pending = [tree]
        while pending:
            holder = pending.pop()
            for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
                if isinstance(value, list):
                    holder[key] = 7
                    yield tree
                    holder[key] = value
                if isinstance(value, dict | list):
                    pending.append(value)

    for data in spoiled(whole):
        with contextlib.suppress(sg.SymgradError):
            from_data(data)
