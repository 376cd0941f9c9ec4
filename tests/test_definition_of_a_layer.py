"""An equation of every layer as that of one layer, and the paths of a derivative written out."""

import json

import pytest

import symgrad as sg
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.claims.definition import Definition
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data
from symgrad.errors import IndexRangeError, UnknownName

MLP, RNN = sg.model("mlp"), sg.model("rnn")


def draft():
    d = sg.Draft("One layer")
    d.defines(MLP, "z", "Each layer.")
    d.defines(MLP, "z", "The first layer.", index=1)
    d.defines(MLP, "a", "The second layer.", index=2, premises=(2,))
    d.derives(RNN, "E", "W", 2, by="sum over paths", because="Two paths.", paths=True)
    return d


def test_an_equation_at_one_layer():
    claims = [str(s.claim) for s in draft().derivation().steps]
    assert claims[:3] == [
        "z[l] := W[l]@a[l-1] + b[l]",
        "z[1] := W[l]@a[l-1] + b[l], l = 1",
        "a[2] := sigma(z[l]), l = 2",
    ]
    assert Definition(MLP, Quantity("z", 3)).equation.target == Quantity("z", 3)
    read = quantities(Definition(MLP, Quantity("z", 3)).equation.value)
    assert sorted(map(str, read)) == ["W[3]", "a[2]", "b[3]"]


def test_json_keeps_it_and_it_passes():
    data = json.loads(json.dumps(to_data(draft().derivation())))
    again = from_data(data)
    assert json.loads(json.dumps(to_data(again))) == data
    assert again.checked().verdict.passes


@pytest.mark.parametrize(
    ("name", "index", "error"), [("z", 0, IndexRangeError), ("z", -1, IndexRangeError), ("C", 1, UnknownName)]
)
def test_a_layer_that_there_is_not(name, index, error):
    with pytest.raises(error):
        sg.Draft("x").defines(MLP, name, index=index)


def test_a_quantity_that_no_equation_defines():
    for q in (Quantity("W", 1), Quantity("a", 0), Quantity("C", 1)):
        with pytest.raises(UnknownName, match="unknown equation for"):
            Definition(MLP, q)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_every_path_is_written_out_and_proved(depth):
    d = sg.Draft("Paths")
    d.derives(RNN, "E", "W", depth, paths=True)
    [step] = d.derivation().checked().steps
    assert str(step.evidence.verdict) == "PROVED"
    assert len(getattr(step.claim.form.map, "maps", [0])) == (depth if depth > 1 else 2)  # of one path, its two factors
