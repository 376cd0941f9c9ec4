"""Networks as authors type them: other ways of writing the same thing, and refusals whose advice works."""

import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.errors import SymgradError

RNN = "W: (d, d)\ns[0]: (d,)\ns[t] = tanh(W@s[t-1])\n"
FAMILY = "x[i]: (d,)\nw: (d,)\ni: range(1, N+1)\n"
SAME = [
    # a sum with its letter as a first argument, as a loop, and with its letter in brackets
    (RNN + "E = sum(t, loss(s[t]))", RNN + "E = sum[t](loss(s[t]))", "E"),
    (RNN + "E = sum(loss(s[t]) for t in range(1, T+1))", RNN + "E = sum[t:1:T](loss(s[t]))", "E"),
    (RNN + "E = sum(loss(s[t]) for t in range(T))", RNN + "E = sum[t:0:T-1](loss(s[t]))", "E"),
    (FAMILY + "E = mean(i, (w@x[i])**2)", FAMILY + "E = mean[i]((w@x[i])**2)", "E"),
    (FAMILY + "E = sum(w@x[i] for i in range(1, N+1) if i != 2)", FAMILY + "E = sum[i:1:N, i != 2](w@x[i])", "E"),
    # functions by the names of libraries
    ("A: (m, n)\nx: (n,)\nE = sum(matmul(A, x))", "A: (m, n)\nx: (n,)\nE = sum(A@x)", "E"),
    ("x: (n,)\ny: (n,)\nE = dot(x, y)", "x: (n,)\ny: (n,)\nE = x@y", "E"),
    ("X: (m, n)\nE = sum(transpose(X)**3)", "X: (m, n)\nE = sum(X.T**3)", "E"),
    ("x: (n,)\ny: (n,)\nE = sum(multiply(square(x), y))", "x: (n,)\ny: (n,)\nE = sum(x**2*y)", "E"),
    ("x: (n,)\nE = sum(pow(x, 3)) + average(x)", "x: (n,)\nE = sum(x**3) + mean(x)", "E"),
    ("x: (n,)\ny = LayerNorm(x)", "x: (n,)\ny = layer_norm(x)", "y"),
    ("X: (m, n)\nY: (m, n)\nE = mse(X, Y)", "X: (m, n)\nY: (m, n)\nE = mean((X - Y)**2)", "E"),
    ("x: (n,)\nE = clamp(lse(x), 0, 1)", "x: (n,)\nE = clip(logsumexp(x), 0, 1)", "E"),
    ("W: (d, d)\nx: (d,)\nE = np.sum(np.maximum(0, W@x))", "W: (d, d)\nx: (d,)\nE = sum(max(0, W@x))", "E"),
    (
        "X: (n, d)\nE = torch.norm(X) + np.mean(X, axis=0)@u\nu: (d,)",
        "X: (n, d)\nE = norm(X) + mean(X, axis=0)@u\nu: (d,)",
        "E",
    ),
    # a case as Python writes it
    ("y = x**2 if x > 0 else -x", "y = where(x > 0, x**2, -x)", "y"),
]


@pytest.mark.parametrize(("typed", "meant", "of"), SAME)
def test_another_way_of_writing_the_same(typed, meant, of):
    mine, other = sg.parse(typed), sg.parse(meant)
    assert [e.value for e in mine.equations] == [e.value for e in other.equations]
    wrt = str(other.parameters[0])
    assert str(mine.derivative(of, wrt)) == str(other.derivative(of, wrt))


@pytest.mark.parametrize(
    "value", ["where(w, w, 2)", "np.where(w, 1, 2)", "w if w else 2", "w*(not w)", "w and 2", "where(w > 0 or w, w, 2)"]
)
def test_a_number_is_no_condition(value):
    with pytest.raises(sg.SymgradError, match="a condition is due here, not a number") as error:
        sg.parse(f"C = {value}")
    assert error.value.todo == "write a comparison, such as w > 0"


def test_a_function_of_the_file_comes_before_a_synonym():
    assert str(sg.parse("dot: scalar\nx: (n,)\ny: (n,)\nE = dot(x, y)").derivative("E", "x")) == "∂E/∂x"


REFUSED = [
    # what is typed, what the advice quotes, and what is then accepted
    ("E = arcsin(x)", "'atan(x/sqrt(1 - x**2))'", "E = atan(x/sqrt(1 - x**2))"),
    ("E = arcsinh(x)", "'log(x + sqrt(x**2 + 1))'", "E = log(x + sqrt(x**2 + 1))"),
    (
        "W: (d, d)\nf[t] = tanh(W@f[t-1])\nE = loss(f[T])",
        "Declare 'f[t]: (d,)'",
        "W: (d, d)\nf[t]: (d,)\nf[t] = tanh(W@f[t-1])\nE = loss(f[T])",
    ),
    (
        "W[l]: (n[l], n[l-1])\na[l] = tanh(W[l]@a[l-1])\nE = loss(a[L])",
        "Declare 'a[l]:",
        "W[l]: (n[l], n[l-1])\na[l]: (n[l],)\na[l] = tanh(W[l]@a[l-1])\nE = loss(a[L])",
    ),
    ("x: (n,)\nE = norm(x, 1)", "'norm1(x)'", "x: (n,)\nE = norm1(x)"),
    ("x: (n,)\nE = norm(x, 2)", "'norm(x)'", "x: (n,)\nE = norm(x)"),
    ("x: (m,)\ny: (n,)\nM = x@y.T", "'outer(x, y)'", "x: (m,)\ny: (n,)\nM = outer(x, y)"),
    (
        RNN + "E = sum(loss(s[t]) for t in steps)",
        "'for t in range(1, T+1)'",
        RNN + "E = sum(loss(s[t]) for t in range(1, T+1))",
    ),
]


@pytest.mark.parametrize(("typed", "advice", "accepted"), REFUSED)
def test_what_a_refusal_says_to_write_is_accepted(typed, advice, accepted):
    with pytest.raises(SymgradError) as refused:
        sg.parse(typed)
    assert advice in str(refused.value)
    sg.parse(accepted)


def test_several_recurrences_are_written_backward(tmp_path, capsys):
    path = tmp_path / "both.eq"
    path.write_text("W: (d, d)\nb[t]: (d,)\nx[t]: (d,)\nb[t] = tanh(W@b[t+1] + x[t])\nE = loss(b[1])")
    assert main(["derive", str(path), "--of", "E", "--wrt", "W", "--no-verify"]) == 0
    assert "and backward," in capsys.readouterr().out
