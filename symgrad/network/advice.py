"""What to write in the place of what the language does not have: a sentence for each, with equations in quotes."""

from __future__ import annotations

import ast
import keyword
import re

_GRADIENT = "a derivative is asked for, not written: symgrad derive FILE --of E --wrt x"
_CONCAT = "write 'concat(x, y)' for y below x, 'concat(X, Y, axis=1)' for matrices side by side"
_REAL = "the numbers are real: write real and imaginary parts as two quantities"
_OPEN = "declare 'f: elementwise' for a function of one argument, or 'F: scalar' for a number from any arguments"
_EINSUM = "write the product with @ (matrices and vectors), * (entry by entry), .T and sum"
SUM_OVER_STEPS = (
    "write 'E = sum[t](loss(s[t]))' for a sum over all steps, 'sum[t:k+1:T](...)' from k + 1 to T, mean[t] and prod[t] "
    "likewise"
)
AXES = "write 'sum(A, axis=0)' for the sum of each column of A, 'sum(A, axis=1)' for that of each row"
NORMS = "write 'norm(x)' for the root of the sum of the squares, 'norm1(x)' for the sum of the absolute values"
OUTER = "write 'outer(x, y)' for x yᵀ of two vectors"
NUMBER = (
    "{name}(X) is one number for the whole of X: write it without a sum or a mean, or a loss that gives a number for "
    "each row, as softmax_cross_entropy(X, Y)"
)
BROADCAST = (
    "as in NumPy, beside a matrix (m, n) a row is declared (n,) or (1, n), a column (m, 1); write 'W@x' for the "
    "product of a matrix and a vector"
)
COLUMN = (
    "the vector has the length of a column: declare '{name}: ({n}, 1)', or, where the items are columns, write a line "
    "'items: columns'"
)
ROW = "the vector has the length of a row, and here the items are columns: declare '{name}: (1, {n})'"
MATRIX_POWER = "'**' acts entry by entry: write '1/A' for the inverse of every entry, 'inv(A)' for the inverse matrix"
FUTURE = "a recurrence that runs backwards is a model of its own, whose steps are counted from its end"
BEYOND = "what comes after the last step has a name of its own, without an index: 'y = V@a[L]'"
FIRST_LAYER = "a first layer of its own form is where the recurrence starts: 'a[0] = sigma(V@x)'"
SEVERAL = "declare 'F: scalar' for a function left open of several arguments"
_PICK_ROW = "write 'M.T@o' with a one-hot vector, o: simplex and o: integer, for a row of M"

FUNCTIONS: dict[str, str] = {
    **dict.fromkeys(("unit",), "write 'normalize(v)' for v/norm(v)"),
    **dict.fromkeys(("concatenate", "hstack", "vstack", "stack", "cat", "append"), _CONCAT),
    **dict.fromkeys(("l2",), "write 'norm(x)'"),
    "l1": "write 'norm1(x)'",
    "slogdet": "write 'logdet(A)' for the logarithm of the absolute value of the determinant",
    "pinv": "write 'inv(A.T@A)@A.T' where the columns of A are independent",
    "solve": "write 'inv(A)@b'",
    **dict.fromkeys(("argmax", "argmin"), "write 'max(x)' for the largest entry of a vector; softmax(x) is smooth"),
    **dict.fromkeys(("conj", "real", "imag", "angle", "complex"), _REAL),
    "diagonal": "write 'diag(A)'",
    **dict.fromkeys(("einsum", "tensordot"), _EINSUM),
    **dict.fromkeys(("bmm", "inner"), "write 'A@x'"),
    **dict.fromkeys(("arcsin", "asin"), "write 'atan(x/sqrt(1 - x**2))', where -1 < x < 1"),
    **dict.fromkeys(("arccos", "acos"), "write 'pi/2 - atan(x/sqrt(1 - x**2))', where -1 < x < 1"),
    **dict.fromkeys(("arctanh", "atanh"), "write 'log((1 + x)/(1 - x))/2', where -1 < x < 1"),
    **dict.fromkeys(("arcsinh", "asinh"), "write 'log(x + sqrt(x**2 + 1))'"),
    **dict.fromkeys(("grad", "gradient", "diff", "jvp", "vjp", "jacobian", "hessian", "D"), _GRADIENT),
    "prod": "write 'prod[t](x[t])' for the product over all steps",
    "cumprod": "write an equation 'p[t] = p[t-1]*x[t]'",
    "cumsum": "write an equation 'c[t] = c[t-1] + x[t]'",
    **dict.fromkeys(("embedding", "one_hot", "onehot"), _PICK_ROW),
    **dict.fromkeys(
        ("conv", "conv1d", "convolve", "correlate"),
        "write 'y[i] = sum[k](w[k]*x[i+k-1])', with ranges 'i: range(1, n+1)' and 'k: range(1, K+1)'",
    ),
    "conv2d": "write 'Y[i,j] = sum[a](sum[b](K[a,b]*X[i+a-1,j+b-1]))', with a range for each letter",
    **dict.fromkeys(("max_pool", "maxpool"), "write 'y[i] = max(x[2*i-1], x[2*i])', 'i: range(1, n+1)'"),
    **dict.fromkeys(("avg_pool", "avgpool", "mean_pool"), "write 'y[i] = mean[k:1:2](x[2*i-2+k])', 'i: range(1, n+1)'"),
    "dropout": "write 'm*x' with a mask m of your own, m: (n,)",
    **dict.fromkeys(
        ("attention", "multihead"), "write its equations, 'S = Q@K.T/sqrt(d)', 'P = softmax(S)', 'O = P@V'"
    ),
    **dict.fromkeys(("eye",), "write I for the identity matrix, of the size that suits"),
    **dict.fromkeys(("zeros", "zeros_like"), "write 0, which is as large as what it is added to"),
    "ones_like": "write ones for the vector of ones",
}
"""What to write in the place of a function that is not known."""


_BRACES, _LATEX = "braces cannot stand in an equation", "a command of LaTeX cannot stand in an equation"
WRITTEN_OTHERWISE = (
    (r"([^\W_]+)_\{(\w+)\}", _BRACES, r"write \1_\2 for a name, \1[\2] for an index"),
    (r"([^\W_]+)_\{([\w+-]+)\}", _BRACES, r"write \1[\2] for an index"),
    (r"([^\W_]+)\^\{?[\[(](\w+)[\])]\}?", "a layer is no exponent here", r"write \1[\2] for an index"),
    (r"\\(?:begin|end|left|right)\b", _LATEX, "write one equation a line, without LaTeX"),
    (r"\\frac", _LATEX, "write a/b for a fraction"),
    (r"\\([^\W\d_]+)", _LATEX, r"write \1, without the backslash"),
    (r"\\|[{}]", _BRACES, "write names, numbers and + - * / ** @ .T"),
    (r":=", "':=' is no sign of the language", "write ="),
    (r"\|\|", "'||' is no sign of the language", "write norm(x) for a norm"),
    (r"\|", "'|' is no sign of the language", "write abs(x) for an absolute value, norm(x) for a norm"),
)
"""Signs of other notations: a pattern, what it is, and what to write, with what the pattern found."""
_NAME, _BY = r"\s*([^\W\d]\w*(?:\[[^\]]*\])?)\s*", r"(?:\s+(?:x|by)\s+|\s*(?:×|\\times|,|\*)\s*)"
_IN_REALS = re.compile(
    rf"{_NAME}(?::|∈|\\in\b|\bin\b)\s*(?:R|ℝ|\\R|\\mathbb\s*\{{?R\}}?)\s*\^\s*[({{]*\s*(\w+)(?:{_BY}(\w+))?\s*[)}}]*\s*"
)
_VECTOR = re.compile(rf"{_NAME}:\s*\(\s*(\w+)\s*\)()\s*")
_SIZES = re.compile(rf"{_NAME}(?::\s*\[?|[(\[])\s*(\w+){_BY}(\w+)\s*[)\]]?\s*")


def meant_as_shape(text: str) -> str | None:
    """Return the declaration that a shape in another notation stands for; None for any other line.

    >>> [meant_as_shape(x) for x in ("W ∈ R^{d×k}", "W in R^(d x k)", "W: d x k", "W (d, k)", "x: (n)", "f: max")]
    ['W: (d, k)', 'W: (d, k)', 'W: (d, k)', 'W: (d, k)', 'x: (n,)', None]
    """
    found = next((m for kind in (_IN_REALS, _VECTOR, _SIZES) if (m := kind.fullmatch(text)) is not None), None)
    if found is None:
        return None
    name, rows, columns = found.groups()
    return f"{name}: ({rows}, {columns})" if columns else f"{name}: ({rows},)"


_INDEX = r"[A-Za-z](?:[+-]\d+)?|\d+"
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_INDEXED = (
    re.compile(rf"([^\W\d_]+)_?\{{?({_INDEX})\}}?"),  # b1, b_1, b_{1}, h_{t-1}
    re.compile(rf"([^\W_]\w*?)_\{{?[\[(]?({_INDEX})[\])]?\}}?"),
    re.compile(rf"(?!\w+\[)([^\W_]\w*?)\^?\{{?[\[(]?({_INDEX})[\])]?\}}?"),  # b^1, b^{(1)}, b^[1], b(1)
)


def meant_as_index(text: str) -> tuple[str, str] | None:
    """Return the name and the index that another way of writing one stands for; None for any other text.

    >>> [meant_as_index(b) for b in ("b1", "b₁", "b_{1}", "b^{(1)}", "h_{t-1}", "b[1]")]
    [('b', '1'), ('b', '1'), ('b', '1'), ('b', '1'), ('h', 't-1'), None]
    """
    text = text.strip().translate(_SUBSCRIPTS)
    found = next((f for pattern in _INDEXED if (f := pattern.fullmatch(text)) is not None), None)
    return (found[1], found[2]) if found else None


def of_node(node: ast.AST) -> tuple[str, str] | None:
    """Return what a piece of Python is that the language does not have, and what to write instead."""
    match node:
        case ast.Set():
            return _BRACES, "write W[l] for the index of a layer, x**n for a power, brackets as ( and )"
        case ast.List() | ast.Tuple() | ast.Dict():
            return "a list cannot stand in an equation", _CONCAT
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            return "a loop cannot stand in an equation", SUM_OVER_STEPS
        case ast.Subscript(slice=ast.Subscript()):
            return "an index is a step, and no quantity", _PICK_ROW
        case ast.Call(func=ast.Subscript(value=ast.Name(id=name))):
            return f"{name} takes no index", "only sum, mean and prod do: sum[t](...), mean[t](...), prod[t](...)"
        case ast.Call(func=ast.Attribute(attr=name)):
            return f"'.{name}(...)' cannot stand in an equation", f"write {name}(x), a function by its own name"
        case ast.Attribute(attr=name):
            return f"'.{name}' cannot stand in an equation", "write .T for a transpose, functions as sum(x)"
        case ast.Constant(value=complex()):
            return "complex numbers cannot stand in an equation", _REAL
        case ast.Constant(value=str() | bytes()):
            return "a text cannot stand in an equation", _EINSUM
        case ast.BinOp(op=ast.FloorDiv() | ast.Mod() | ast.LShift() | ast.RShift() | ast.BitOr() | ast.BitAnd()):
            return None
        case ast.Lambda():
            return "'lambda x:' cannot stand in an equation", _OPEN
    return None


def _is_meant_as_a_name(word: re.Match[str]) -> bool:
    """Tell whether a word of Python's grammar has an index, stands behind a sign, or is what an equation defines."""
    before, after = word.string[: word.start()].rstrip(), word.string[word.end() :]
    return word[0] != "lambda" and (after.startswith("[") or before[-1:] in tuple("=+-*/@") or not before)


def of_text(text: str) -> tuple[int, str, str] | None:
    """Return the place of what makes a line no equation, what it is, and what to write instead."""
    if (found := text.find(";")) >= 0:
        inside = text[:found].count("[") > text[:found].count("]")
        return found, "';' cannot stand in an equation", _CONCAT if inside else "write one equation a line, without ';'"
    for pattern, what, todo in WRITTEN_OTHERWISE:
        if (sign := re.search(pattern, text)) is not None:
            return sign.start(), what, sign.expand(todo)
    if (prime := re.search(r"['\"]", text)) is not None:
        todo = f"sigma'(z) is the slope of a function; {_GRADIENT}; another quantity is called h_prime"
        return prime.start(), "a prime cannot stand in an equation", todo
    for word in re.finditer(r"[^\W\d]\w*", text):
        named = word[0] not in ("if", "else", "for", "in", "lambda") or _is_meant_as_a_name(word)
        if keyword.iskeyword(word[0]) and named:
            return word.start(), f"{word[0]!r} is a word of Python's grammar", "give the quantity another name"
    if (beside := re.search(r"(?<=[\w\])])\s+(?=[^\W\d]|\()|(?<=\d)(?=[^\W\d])|(?<=\))(?=[\w(])", text)) is not None:
        todo = "write W@x for a product of matrices, w*x between numbers and entry by entry"
        if (times := re.search(r"(?<![\w.])(\d+(?:\.\d*)?)([^\W\d]\w*)", text)) is not None:
            todo = times.expand(r"write \1*\2 for a product")
        return beside.start(), "two things stand side by side, without an operator", todo
    return None
