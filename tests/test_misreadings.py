"""What an author may mean and the language does not have: each is an error that says what to write, or has a note."""

import json
import re

import pytest

import symgrad as sg
from symgrad.cli.main import main
from symgrad.errors import ModelError, ReadError, ShapeError
from symgrad.network.advice import FUNCTIONS
from symgrad.network.characters import INSTEAD
from symgrad.network.syntax.read import read_lines

# --- characters that look like an operator or another letter ---


@pytest.mark.parametrize("character", sorted(INSTEAD))
@pytest.mark.parametrize("text", ["h[t] = phi(w{}h[t-1])", "h[t] = w*h[t-1]{}", "{}h = w"])
def test_what_looks_like_an_operator_is_refused(character, text):
    text = text.format(character)
    with pytest.raises(ReadError) as caught:
        sg.parse(text)
    assert caught.value.todo == INSTEAD[character]
    assert caught.value.column == text.index(character)


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("y = w·x", "write * between numbers and entry by entry, @ for the product of matrices"),
        ("y = x²", "write ** for a power"),
        ("y = Wᵀ@x", "W.T"),
        ("y = x − 1", "the minus sign of the keyboard"),
        ("y = h′", "another quantity write h_prime"),
        ("y = xᵢ", "a[2] for an index"),
        ("y = \u00a0x", "an ordinary space"),
        ("y = w*\u200bx", "an ordinary space"),
        ("y = а*b", "write a"),  # Cyrillic
        ("y = Α*b", "write A"),  # Greek
        ("y = ﬁ", "write names"),
        ("y = x🙂", "write names"),
    ],
)
def test_the_error_says_what_to_write(text, todo):
    with pytest.raises(ReadError) as caught:
        sg.parse(text)
    assert todo in caught.value.todo


@pytest.mark.parametrize("name", ["σ", "é", "θ_hat", "ϕ", "шаг", "ширина", "重み", "𝑥", "µ", "x_1", "ŷ", "x̂"])
def test_letters_of_every_script_make_names(name):
    assert len(sg.parse(f"C = 2*{name}").parameters) == 1


def test_a_question_and_a_formula_are_read_as_strictly():
    with pytest.raises(ReadError, match="middle dot"):
        sg.model("chain").derivative("C·", "b[1]")
    with pytest.raises(ReadError, match="middle dot"):
        sg.maximise("x·y")


# --- what the language does not have ---

REFUSED = [
    ("a = b;", "a ';' ends the line", "remove it"),
    ("a = b ; # first", "a ';' ends the line", "remove it"),
    ("a: (d,);\nb = sum(a)", "a ';' ends the line", "remove it"),
    ("h = tanh(W@[h; x])", "';' cannot stand", "concat(x, y)"),
    ("h = tanh(W@[a, x])", "a list cannot stand", "concat(x, y)"),
    ("E = sum(W x)", "two things stand side by side", "W@x for a product of matrices"),
    ("E = 2x", "two things stand side by side", "write 2*x for a product"),
    ("h[t] = tanh(2.5h[t-1])", "two things stand side by side", "write 2.5*h for a product"),
    ("W in R^(d x n)", "a shape stands in parentheses", "write 'W: (d, n)'"),
    ("W: [d, n]", "a shape stands in parentheses", "write 'W: (d, n)'"),
    ("W (d x n)", "a shape stands in parentheses", "write 'W: (d, n)'"),
    (
        "h_t = tanh(w*h[t-1])\nE = loss(h[T])",
        "use two depths, t and T",
        "write 'h[t] = ...', with the index in brackets",
    ),
    ("E = w == 0", "this condition", "< <= > >="),
    ("E = sum(loss(s[t]) for t in T)", "what a sum runs over", "for t in range(1, T+1)"),
    ("E = [loss(s[t]) for t in T]", "a loop", "sum[t](loss(s[t]))"),
    ("E = sum(t, x)", "sum takes 1 argument", "sum(A, axis=0)"),
    ("E = sum(A, x)", "sum takes 1 argument", "sum(A, axis=0)"),
    ("E = sum(A, 3)", "sum takes 1 argument", "sum(A, axis=0)"),
    ("E = mean(A, x)", "mean takes 1 argument", "sum(A, axis=0)"),
    ("E = sum(A, dim=0)", "an argument dim", "axis=..."),
    ("E = sum(A, axis=k)", "axis is no number", "axis=0"),
    ("E = sum(A, *x)", "cannot stand", ""),
    ("E = sum(A, **x)", "an argument **", "axis=..."),
    ("E = softmax(A, axis=1, keepdims=True)", "softmax keeps all axes", "without keepdims"),
    ("E = tanh(A, axis=1)", "tanh goes along no axis", "without axis"),
    ("E = x.dot(y)", "'.dot(...)' cannot stand", "write dot(x)"),
    ("E = W[1,2]", "indices of W[1,2] run through", "where 'W: (m, n)' is declared"),
    ("E = M[x[t]]", "an index is a step", "M.T@o"),
    ("E = 1j*a", "complex numbers", "real"),
    ("E = einsum('ij,jk', A, B)", "a text", "@"),
    ("E = x.tanh()", "'.tanh(...)' cannot stand", "write tanh(x)"),
    ("E = x.shape", "'.shape' cannot stand", ".T for a transpose"),
    ("E = h' + x", "a prime cannot stand", "--of E --wrt x"),
    ("E = W'(x)", "W' is not the slope of a known function", "write sigma'(z)"),
    ("E = sigma'''(x)", "has 3 primes", "or sigma''(z)"),
    ("E = tanh'(x, y)", "of 2 arguments", "write tanh'(z)"),
    ("E = is*x", "'is' is a word of Python's grammar", "another name"),
    ("h[t] = tanh(w*h[t-1] + in[t])", "'in' is a word of Python's grammar", "another name"),
    ("for = w*x", "'for' is a word of Python's grammar", "another name"),
    ("E = w*if", "'if' is a word of Python's grammar", "another name"),
    ("E = f(lambda x: x)", "not an equation", ""),
    ("a[l] = W[l]*a[l-1]\ny = W[L]*a[L+1]", "lies beyond", "V@a[L]"),
    ("y = sum[i](x)", "the range of i is not known", "i: range(1, N+1)"),
    ("y = sum[i+1](x[i])", "not what sum runs over", "sum[j != i](...)"),
    ("y = f[i](x[i])", "f takes no index", "sum[t](...)"),
    ("h: range(H)\ny = sum[h](x[h])", "a range has two ends", "h: range(1, N+1)"),
    ("h: range(1, h+1)\ny = sum[h](x[h])", "ends with h itself", "h: range(1, N+1)"),
    ("h: range(3, 3)\ny = sum[h](x[h])", "is empty", "h: range(1, N+1)"),
    ("h: range(1, H+1)\nh: range(1, K+1)\ny = sum[h](x[h])", "declared twice", "keep one"),
    ("i: range(1, H+1)\nk: range(1, K+1)\nx[i]: (d,)\nz[k] = x[k]", "runs from 1 to K", "the same range for i and k"),
    ("x[i]: (d,)\ny = sum[i](x[i]) + x[i,1]", "written as x[i] and as x[i,1]", "the same indices"),
    ("H: (d, d)\nh: range(1, H+1)\ny = sum[h](x[h])", "cannot be a quantity too", "another name"),
    ("A[i]: (d, d)\ny = prod[i](A[i])", "prod multiplies entry by entry", "P[j] = P[j-1]@X[j]"),
    ("a[1] = V*x\na[l] = W[l]*a[l-1]", "is one layer", "a[0] = sigma(V@x)"),
    ("a = tanh(x, y)", "tanh takes 1 argument", "F: scalar"),
    ("A: (d, d)\nE = sum(A**-1)", "negative power of a (d, d)", "1/A"),
]


@pytest.mark.parametrize(("text", "what", "todo"), REFUSED)
def test_what_is_not_in_the_language_is_refused_with_what_to_write(text, what, todo):
    with pytest.raises(ReadError) as caught:
        sg.parse(text)
    assert what in caught.value.what
    assert todo in caught.value.todo


SHAPES = [
    ("x: (m,)\ny: (n,)\nM = x@y.T\nE = sum(M)", "outer(x, y)"),
    ("W: (m, n)\nx: (k,)\nE = sum(W*x)", "'W@x'"),
    ("X: (B, n)\nb: (B,)\nE = sum(X + b)", "b: (B, 1)"),
    ("X: (B, n)\nb: (B,)\nE = sum(X + b)", "'items: columns'"),
    ("items: columns\nX: (n, B)\nb: (B,)\nE = sum(X + b)", "b: (1, B)"),
    ("X: (B, n)\nY: (B, k)\nE = sum(X + Y)", "s in NumPy, beside a matrix"),
    ("S: (n, n)\nE = logsumexp(S)", "'logsumexp(X, axis=-1)'"),
    ("S: (n, n)\nE = sum(max(S, axis=2))", "S is (n, n)"),
    ("x: (n,)\nE = mean(sum(x))", "sum(x) is scalar"),
    ("a: (n,)\ny: (n,)\nE = mean(softmax_cross_entropy(a, y))", "is scalar"),
]


@pytest.mark.parametrize(("text", "todo"), SHAPES)
def test_shapes_that_do_not_fit_come_with_what_was_meant(text, todo):
    with pytest.raises(ShapeError) as caught:
        sg.parse(text)
    assert todo in caught.value.todo


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_advice_for_a_function_is_in_the_language(name):
    with pytest.raises(ReadError, match="unknown function"):
        sg.parse(f"E = {name}(x)")
    for quoted in re.findall(r"'([^']*)'", FUNCTIONS[name]):
        read_lines(quoted if re.match(r"[\w\[\],]+ ?[=:]", quoted) else f"E = {quoted}")


# --- names that may be products ---

NOTED = [
    ("h[t] = phi(wh[t-1])", "h[t]", "h[k]", "wh[t-1] was read as a parameter; did you mean w*h[t-1]?"),
    ("h[t] = phi(betah[t-1])", "h[t]", "h[k]", "betah[t-1] was read as a parameter; did you mean beta*h[t-1]?"),
    ("y = wx\nz = w*x", "y", "x", "wx was read as a parameter; did you mean w*x?"),
    ("y = sigmaz + z", "y", "z", "sigmaz was read as a parameter; did you mean sigma(z)?"),
    ("y = abx + a*b*x", "y", "x", "abx was read as a parameter; did you mean a*b*x?"),
    ("y = kx\nz = x", "y", "x", "kx was read as a parameter; did you mean k*x?"),  # noted because it is 0
]


@pytest.mark.parametrize(("text", "of", "wrt", "note"), NOTED)
def test_a_name_that_may_be_a_product_has_a_note(text, of, wrt, note):
    form = sg.parse(text).derivative(of, wrt)
    assert note in form.notes
    assert any(note in str(part) for part in form.presentation().document().parts)


@pytest.mark.parametrize(
    ("text", "of", "wrt"),
    [
        ("h[t] = tanh(wx*x[t] + wh*h[t-1])", "h[t]", "h[k]"),
        ("h[t] = phi(W_h*h[t-1])", "h[t]", "h[k]"),
        ("wx: ()\ny = wx\nz = w*x", "z", "x"),
        ("wx: positive\ny = wx\nz = w*x", "z", "x"),
        ("y = wx*wx + w*x", "y", "x"),
        ("m[t] = m[t-1]\nu = m[T]\ny = mu*u", "y", "u"),
        ("y = eps + e*p*s", "y", "s"),
    ],
)
def test_other_names_have_none(text, of, wrt):
    assert sg.parse(text).derivative(of, wrt).notes == ()


def test_the_built_in_models_have_no_notes():
    assert [sg.model(name).notes for name in sg.models()] == [()] * len(sg.models())


def test_a_note_stands_on_standard_error_and_on_the_page(tmp_path, capsys):
    path = tmp_path / "net.eq"
    path.write_text("h[t] = phi(wh[t-1])")
    assert main(["derive", str(path), "--of", "h[t]", "--wrt", "h[k]"]) == 0
    out, err = capsys.readouterr()
    note = "wh[t-1] was read as a parameter; did you mean w*h[t-1]?"
    assert f"Note: {note}" in out
    assert f"note: {note}" in err


# --- other notations ---


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("h[t] = tanh(W_{hh}@h[t-1])", "write W_hh for a name, W[hh] for an index"),
        ("h[t] = tanh(W@h_{t-1})", "write h[t-1] for an index"),
        ("z = W^{[l]}@a", "write W[l] for the index of a layer"),
        ("z = W^{(l)}@a", "write W[l] for the index of a layer"),
        ("z = W^{[l]} a", "write W[l] for an index"),
        ("a = \\phi(z)", "write phi, without the backslash"),
        ("a = \\frac{x}{y}", "write a/b for a fraction"),
        ("\\begin{align} a = b", "write one equation a line, without LaTeX"),
        ("E := x**2", "write ="),
        ("E = ||x - y||**2", "write norm(x) for a norm"),
        ("E = |x|", "write abs(x) for an absolute value, norm(x) for a norm"),
        ("W: d x k", "write 'W: (d, k)'"),
        ("W: d, k", "write 'W: (d, k)'"),
        ("W ∈ R^{d×k}", "write 'W: (d, k)'"),
        ("W[l] ∈ ℝ^(d×k)", "write 'W[l]: (d, k)'"),
        ("x ∈ R^n", "write 'x: (n,)'"),
        ("W: matrix", "write 'W: (m, n)' for a matrix"),
        ("a = ReLU(z)", "did you mean 'relu'?"),
        ("E = L(x)", "a cost by 'L: scalar'"),
    ],
)
def test_what_is_written_in_another_notation(text, todo):
    with pytest.raises(ReadError) as caught:
        sg.parse(text)
    assert todo in caught.value.todo


# --- numbers for vectors, two classes for many ---

VECTORS = "W: (m, d)\nx: (d,)\ny: (m,)\n"
ONE_NUMBER = "b is not declared, so it is one number for all entries; a vector is 'b: (d,)'"
CLASSES = "for classes write softmax_cross_entropy(z, y), of what stands in the softmax"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (VECTORS + "a = sigma(W@x + b)", ONE_NUMBER),
        (VECTORS + "a = sigma(b + W@x)", ONE_NUMBER),
        (VECTORS + "p = softmax(W@x)\nL = cross_entropy(p, y)", CLASSES),
        (VECTORS + "L = cross_entropy(softmax(W@x), y)", CLASSES),
    ],
)
def test_what_is_read_as_an_author_may_not_mean_it_has_a_note(text, note):
    assert any(note in noted for noted in sg.parse(text).notes)


@pytest.mark.parametrize(
    "text",
    [
        VECTORS + "b: ()\na = sigma(W@x + b)",
        VECTORS + "b = c\na = sigma(W@x + b)",
        VECTORS + "a = sigma(W@x + 1)",
        VECTORS + "L = y@(W@x) + b",
        VECTORS + "p = softmax(W@x)\nL = binary_cross_entropy(p, y)",
        VECTORS + "p = sigma(W@x)\nL = cross_entropy(p, y)",
    ],
)
def test_what_cannot_be_meant_otherwise_has_none(text):
    assert sg.parse(text).notes == ()


# --- quantities and functions that are called otherwise ---

CALLED_OTHERWISE = [
    ("--wrt b1", "unknown quantity 'b1'", "write 'b[1]' for the b of index 1."),
    ("--wrt b_1", "unknown quantity 'b_1'", "write 'b[1]' for the b of index 1."),
    ("--of aL --wrt b[1]", "unknown quantity 'aL'", "write 'a[L]' for the a of index L."),
    ("--wrt b₁", "'b₁' is not a quantity", "write 'b[1]' for an index"),
    ("--wrt b_{1}", "'b_{1}' is not a quantity", "write 'b[1]' for an index"),
    ("--wrt b^{(1)}", "'b^{(1)}' is not a quantity", "write 'b[1]' for an index"),
    ("--wrt b(1)", "'b(1)' is not a quantity", "write 'b[1]' for an index"),
    ("--wrt a_{l-1}", "'a_{l-1}' is not a quantity", "write 'a[l-1]' for an index"),
    ("--wrt y1", "unknown quantity 'y1'", "did you mean 'y'?"),
    ("--wrt W[1]", "unknown quantity 'W[1]'", "Known: C, a, b, w, y, z"),
    ("--of dC/db[1] --wrt b[1]", "'dC/db[1]' is not a quantity", "--of C --wrt b[1]"),
    ("--of ∂C/∂w[1]", "'∂C/∂w[1]' is not a quantity", "--of C --wrt w[1]"),
    ("--cost mse", "unknown loss 'mse'", "write quadratic, which is 1/2 ‖a - y‖^2."),
    ("--cost CrossEntropyLoss", "unknown loss 'CrossEntropyLoss'", "write softmax_cross_entropy, which is"),
    ("--activation RELU", "unknown activation 'RELU'", "did you mean 'relu'?"),
    ("--format tex", "unknown value of --format 'tex'", "write --format latex."),
    ("--format md", "unknown value of --format 'md'", "write --format markdown."),
    ("--layout numerater", "unknown value of --layout 'numerater'", "did you mean 'numerator'?"),
]


@pytest.mark.parametrize(("options", "what", "todo"), CALLED_OTHERWISE)
def test_what_is_called_otherwise_is_told_its_name(options, what, todo, capsys):
    rest = [f"{name}={value}" for name, value in (("--of", "C"), ("--wrt", "b[1]")) if name not in options]
    assert main(["derive", "chain", *options.split(), *rest]) == 2
    said = capsys.readouterr().err
    assert what in said
    assert todo in said.partition("what to do:")[2]


def test_a_product_entry_by_entry_that_does_not_fit_is_told_the_product_of_matrices():
    with pytest.raises(ShapeError, match="two shapes") as caught:
        sg.parse("W: (d, d)\nh[0]: (d,)\nh[t] = tanh(W*h[t-1])\nE = loss(h[T])")
    assert "the product of the two is W@h[t-1]" in caught.value.todo


def test_a_function_that_is_not_left_open_is_not_bound():
    with pytest.raises(ModelError, match="the equations call tanh, which is not left open"):
        sg.parse("z[j] = w*a[j-1]\na[j] = tanh(z[j])").bind("relu")


# --- symgrad read ---


def test_a_network_is_shown_as_it_was_understood(tmp_path, capsys):
    path = tmp_path / "net.eq"
    text = "W: (d, d)\nx[t]: (d,)\nx[t]: positive\nh[0]: (d,)\nh[t] = tanh(W@h[t-1] + v*x[t])\nE = F(h[T])/d + e"
    path.write_text(f"F: scalar\n{text}")
    assert main(["read", str(path), "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    names = {n["name"]: (n["kind"], n["words"], n["shape"]) for n in record["names"]}
    assert names == {
        "h[t]": ("state", "defined at each step and read by later ones", ["d"]),
        "E": ("result", "defined after the last step", []),
        "W": ("parameter or input", "one for all steps", ["d", "d"]),
        "v": ("parameter or input", "one for all steps", []),
        "x[t]": ("parameter or input", "one for each step, entries > 0", ["d"]),
        "h[0]": ("boundary value", "given", ["d"]),
        "tanh": ("function", "elementwise, known", None),
        "F": ("function", "a number, left open", None),
        "e": ("constant", "Euler's number", None),
        "d": ("dimension", "of W, x[t], h[0], h[t]", None),
        "t": ("index", "of the steps, 1 to T", None),
        "T": ("depth", "the last step", None),
    }
    assert main(["read", str(path)]) == 0
    out = capsys.readouterr().out
    assert "h_t = tanh(W h_{t-1} + v x_t)" in out
    assert "W: parameter or input, one for all steps, (d, d)" in out
    for format_, typeset in (("latex", r"\tanh(W\, h_{t-1} + v\, x_{t})"), ("markdown", "$$"), ("html", "<math")):
        assert main(["read", str(path), "--format", format_]) == 0
        assert typeset in capsys.readouterr().out


# --- notations ---


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ('[names]\nq = "Q"\nb = "h"\n', "unknown name 'q'"),
        ('[indices]\nm = "l"\nL = "N"\n', "unknown name 'm'"),
        ('[latex]\nq = "\\\\mathbf{q}"\n', "unknown name 'q'"),
        ('[names]\nz = "a"\n', "the notation book writes z and a alike, as a"),
        ('[latex]\nz = "a"\n', "the notation book writes z and a alike, as a"),
        ('[indices]\nj = "w"\n', "writes the index j as w, as it writes w"),
    ],
)
def test_a_notation_says_what_has_no_effect_or_looks_like_another(tables, told, tmp_path, capsys):
    path = tmp_path / "book.toml"
    path.write_text('name = "book"\n' + tables)
    assert main(["derive", "chain", "--of", "C", "--wrt", "b[1]", "--no-verify", "--notation", str(path)]) == 2
    assert told in capsys.readouterr().err


def test_a_shared_notation_may_have_names_that_a_network_has_not(tmp_path, capsys):
    path = tmp_path / "book.toml"
    path.write_text('shared = true\n[names]\nq = "Q"\nb = "h"\n')
    assert main(["derive", "chain", "--of", "C", "--wrt", "b[1]", "--no-verify", "--notation", str(path)]) == 0
    assert "∂C/∂h_1" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nielsen", "ng", "rnn"])
def test_a_built_in_notation_has_no_remarks(name, capsys):
    assert main(["derive", "chain", "--of", "C", "--wrt", "b[1]", "--no-verify", "--notation", name]) == 0
    assert capsys.readouterr().err == ""
