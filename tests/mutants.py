"""Small wrong changes to rules, as a table: (what is wrong, how to make it so, the question that meets it).

Each ``install`` takes ``put(holder, name, value)``, which replaces an attribute until the test ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import ADD, DIV, LOG, MUL, NEG, ONE, POW, SUB, Apply, Argument, Constant, Number, power
from symgrad.algebra.linear_map import Block, Column, Compose, Diagonal, IndexedSum, Matrix, Product, Right, Swap
from symgrad.arithmetic.floating import Floating
from symgrad.calculus import jacobian
from symgrad.calculus.evaluate import Evaluation
from symgrad.calculus.solver import assembly, entries, question, total
from symgrad.evidence.verdict import Verdict
from symgrad.ops.function import elementwise_function
from symgrad.ops.gated import GELU
from symgrad.ops.linear import MATMUL, SOFTMAX, SUM, TRANSPOSE
from symgrad.ops.loss import BINARY_CROSS_ENTROPY, QUADRATIC
from symgrad.ops.rectifier import RELU, SOFTPLUS
from symgrad.ops.saturating import LOGISTIC, TANH

BOTH, BACKWARD, FORWARD = ("backpropagation", "tangents"), ("backpropagation",), ("tangents",)


@dataclass(frozen=True)
class Mutant:
    """A wrong rule, the derivative that uses it, and the checks that must refute it."""

    what: str
    install: Callable
    text: str
    of: str
    wrt: str
    killers: tuple[str, ...] = BOTH
    depth: int | None = None


def rule(op, name, wrong):
    """Replace one rule of an operation or of a record."""
    return lambda put: put(op, name, wrong)


# --- rules of the calculus ---


def without_the_last_path(put):
    right = M.add
    put(M, "add", lambda *maps: right(*(maps[:-1] if len(maps) > 1 else maps)))


def overwriting_a_path(put):
    def wrong(paths, m, more):
        paths.update({q: [M.compose(m, inner)] for q, inner in more.items()})

    put(jacobian, "_accumulate", wrong)


def composing_backwards(put):
    def wrong(paths, m, more):
        for q, inner in more.items():
            paths.setdefault(q, []).append(M.compose(inner, m))

    put(jacobian, "_accumulate", wrong)


def product_from(shift):
    def install(put):
        right = assembly.assemble

        def wrong(asked, exit_, entry):
            late = replace(entry, position=entry.position + shift)
            return right(asked, exit_, late)

        put(assembly, "assemble", wrong)

    return install


def product_in_the_wrong_order(put):
    right = map_tree.product
    put(map_tree, "product", lambda *bounds, descending=True: right(*bounds[:4], descending=False))


def step_jacobian_of(change):
    def install(put):
        right = question.step_jacobian
        put(question, "step_jacobian", lambda *arguments: change(right(*arguments)))

    return install


def sum_without(first=0, last=0):
    def install(put):
        right = total.shared

        def wrong(asked, exit_, y):
            m = right(asked, exit_, y)
            return replace(m, lower=m.lower + first, upper=m.upper - last) if isinstance(m, IndexedSum) else m

        put(total, "shared", wrong)

    return install


def column_of_the_step_before(put):
    right = entries.column_at

    def wrong(asked, m, *read):
        return right(asked, m - 1, *read)

    for module in (entries, assembly):
        put(module, "column_at", wrong)


def without_direct_dependence(put):
    right = total.exits_of
    put(total, "exits_of", lambda asked, y: (right(asked, y)[0], M.ZERO))


def partials_exchanged(put):
    right = jacobian._named_partials
    put(jacobian, "_named_partials", lambda *arguments: right(*arguments)[::-1])


def a_row_or_column(m):
    return isinstance(m, Block) and len(m.rows) != len(m.rows[0])


def transposing(kind, wrong):
    def install(put):
        right = M._turned
        put(M, "_turned", lambda m, of: wrong(m) if isinstance(m, kind) and not a_row_or_column(m) else right(m, of))

    return install


def horner_without_the_last_term(put):
    right = Evaluation._horner

    def wrong(evaluation, symbol, lower, upper, *rest):
        return right(evaluation, symbol, lower, upper - 1, *rest)

    put(Evaluation, "_horner", wrong)


def slope_without_its_prime(put):
    sigma = elementwise_function("sigma")

    def wrong(M, x, out):
        return (M.elementwise(Argument(Apply(sigma, (x[0].e,)), out), x[0], out),)

    put(sigma, "jacobian", wrong)


def only_the_last_row(J):
    return {c: row for c, row in J.items() if c.lag == 0}


def rows_and_columns_exchanged(J):
    return {p: {q: J[q][p] for q in J if p in J[q]} for p in J}


# --- models that meet the rules ---

RNN, LSTM, CHAIN, RESIDUAL, DEEP = "rnn", "lstm", "chain", "residual", "deep_linear"
ROW = "W: (d, d)\ns[0]: (d,)\ns[j] = sigma(s[j-1]@W)\nE = loss(s[t])"
TURNED = "W: (d, d)\ns[0]: (d,)\ns[j] = sigma(W.T@s[j-1])\nE = loss(s[t])"
MATRIX = "W: (d, d)\nS[0]: (d, d)\nS[j] = sigma(W@S[j-1])\nE = loss(S[t])"
TIMES = "a[j] = w[j]*a[j-1]*tanh(a[j-1])\nC = cost(a[L], y)"
MINUS = "a[j] = b[j] - w[j]*a[j-1]\nC = cost(a[L], y)"
NEGATED = "a[j] = -(w[j]*a[j-1])\nC = cost(a[L], y)"
QUOTIENT = "a[j] = w[j]/(3 + a[j-1]**2)\nC = cost(a[L], y)"
CUBE = "a[j] = sin(a[j-1])**3\nC = cost(a[L], y)"
POWER = "a[j] = (2 + sin(a[j-1]))**w[j]\nC = cost(a[L], y)"
TOTAL = "x[0]: (d,)\nx[j] = sin(x[j-1])*sum(x[j-1])\nE = loss(x[t])"
ATTENTION = "x[0]: (d,)\nW: (d, d)\nx[j] = W@softmax(x[j-1])\nE = loss(x[t])"
LAGGED = "a[j] = w[j]*a[j-1] + v[j]*a[j-2]\nC = cost(a[L], y)"
AUTONOMOUS = "W: (d, d)\ns[0]: (d,)\ns[j] = sigma(W@s[j-1])\nE = loss(s[t])"
PAIR = "h[j] = sigma(h[j-1]) + v*c[j-1]\nc[j] = w*h[j-1] + sigma(c[j-1])\nC = cost(c[L], y)"
OPENED = "K = u*v\na[0] = K\na[j] = tanh(K*a[j-1])\nC = cost(a[L], K)"
TWO_COSTS = "a[j] = sigma(w*a[j-1])\nC = cost(a[L], a[L-1])"


def activated(name, cost="cost"):
    """The chain with an activation, and perhaps a loss, bound in the text."""
    bound = "" if cost == "cost" else f"\ncost: {cost}"
    return f"sigma: {name}{bound}\nz[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L], y)"


LESS_SHARP = Fraction(2**30 + 1, 2**30)

MUTANTS = (
    # operations: the Jacobian alone is wrong
    Mutant("a dropped prime: σ for σ'", slope_without_its_prime, CHAIN, "C", "b[1]"),
    Mutant(
        "x@W: a missing transpose",
        rule(MATMUL, "jacobian", lambda M, x, out: (M.matrix(x[1].e), M.compose(Right(x[0].e), Swap()))),
        ROW,
        "E",
        "s[0]",
    ),
    Mutant(
        "W@s: transposed",
        rule(MATMUL, "jacobian", lambda M, x, out: (Right(x[1].e), M.transpose(M.matrix(x[0].e)))),
        RNN,
        "s[t]",
        "s[k]",
    ),
    Mutant(
        "W@S: the map of W acts from the left",
        rule(MATMUL, "jacobian", lambda M, x, out: (M.matrix(x[1].e), M.matrix(x[0].e))),
        MATRIX,
        "E",
        "W",
    ),
    Mutant(
        "W.T: the identity for the swap", rule(TRANSPOSE, "jacobian", lambda M, x, out: (M.IDENTITY,)), TURNED, "E", "W"
    ),
    Mutant(
        "x*y: swapped factors",
        rule(MUL, "jacobian", lambda M, x, out: (M.elementwise(x[0], x[0], out), M.elementwise(x[1], x[1], out))),
        TIMES,
        "C",
        "w[1]",
    ),
    Mutant("x - y: the sign of y", rule(SUB, "jacobian", ADD.jacobian), MINUS, "C", "w[1]"),
    Mutant(
        "-x: the sign",
        rule(NEG, "jacobian", lambda M, x, out: (M.elementwise(ONE, x[0], out),)),
        NEGATED,
        "C",
        "w[1]",
        depth=3,
    ),
    Mutant(
        "x/y: a missing square",
        rule(
            DIV,
            "jacobian",
            lambda M, x, out: (
                M.elementwise(Argument(1 / x[1].e, x[1].shape), x[0], out),
                M.elementwise(Argument(-x[0].e / x[1].e, out), x[1], out),
            ),
        ),
        QUOTIENT,
        "C",
        "a[0]",
    ),
    Mutant(
        "x^3: 3 x^3 for 3 x^2",
        rule(
            power(Fraction(3)),
            "jacobian",
            lambda M, x, out: (M.elementwise(Argument(3 * x[0].e ** 3, x[0].shape), x[0], out),),
        ),
        CUBE,
        "C",
        "a[0]",
    ),
    Mutant(
        "x^3: the factor 3 is lost",
        rule(
            power(Fraction(3)),
            "jacobian",
            lambda M, x, out: (M.elementwise(Argument(x[0].e ** 2, x[0].shape), x[0], out),),
        ),
        CUBE,
        "C",
        "a[0]",
        depth=2,
    ),
    Mutant(
        "x^y: ln y for ln x",
        rule(
            POW,
            "jacobian",
            lambda M, x, out: (
                M.elementwise(Argument(x[1].e * x[0].e ** (x[1].e - 1), out), x[0], out),
                M.elementwise(Argument(Apply(LOG, (x[1].e,)) * x[0].e ** x[1].e, out), x[1], out),
            ),
        ),
        POWER,
        "C",
        "w[1]",
    ),
    Mutant(
        "sum(x): the mean's slope",
        rule(
            SUM,
            "jacobian",
            lambda M, x, out: (
                M.compose(M.scale(Number(Fraction(1, 2))), M.row(Constant("1", x[0].shape), x[0].shape)),
            ),
        ),
        TOTAL,
        "E",
        "x[0]",
    ),
    Mutant(
        "softmax: diag(p) + p pᵀ",
        rule(
            SOFTMAX,
            "jacobian",
            lambda M, x, out: (
                M.add(
                    Diagonal(Apply(SOFTMAX, (x[0].e,))),
                    M.compose(Column(Apply(SOFTMAX, (x[0].e,))), M.row(Apply(SOFTMAX, (x[0].e,)), out)),
                ),
            ),
        ),
        ATTENTION,
        "E",
        "x[0]",
    ),
    Mutant(
        "softmax: diag(p) alone",
        rule(SOFTMAX, "jacobian", lambda M, x, out: (Diagonal(Apply(SOFTMAX, (x[0].e,))),)),
        ATTENTION,
        "E",
        "W",
    ),
    # operations: a pull-back alone is wrong
    Mutant(
        "W@s: the pull-back without its transpose",
        rule(MATMUL, "pullback", lambda A, g, _, x, y: (A.outer(g, y), A.matmul(x, g))),
        AUTONOMOUS,
        "E",
        "s[0]",
        BACKWARD,
    ),
    Mutant(
        "W@s: the outer product turned round",
        rule(MATMUL, "pullback", lambda A, g, _, x, y: (A.outer(y, g), A.matmul(A.transpose(x), g))),
        AUTONOMOUS,
        "E",
        "W",
        BACKWARD,
        3,
    ),
    # records: where Jacobian and pull-back are wrong in the same way, only an independent witness can tell
    Mutant(
        "logistic: the value for the slope",
        rule(LOGISTIC, "slope", LOGISTIC.value),
        activated("logistic"),
        "C",
        "b[1]",
    ),
    Mutant(
        "tanh: 1 + y² for 1 - y²",
        rule(TANH, "slope", lambda A, x: 1 + A.tanh(x) ** 2),
        activated("tanh"),
        "C",
        "b[1]",
    ),
    Mutant(
        "tanh: 1 - y for 1 - y²",
        rule(TANH, "slope", lambda A, x: 1 - A.tanh(x)),
        activated("tanh"),
        "C",
        "w[2]",
        depth=3,
    ),
    Mutant(
        "logistic: 1 + e^-x for 1 + e^x in the pull-back",
        rule(LOGISTIC, "slope_by_both", lambda A, x, y: y / (1 + A.exp(-x))),
        activated("logistic"),
        "C",
        "b[1]",
        BACKWARD,
    ),
    Mutant(
        "gelu: without x φ(x)",
        rule(GELU, "slope", lambda A, x: GELU.value(A, x) / x),
        activated("gelu"),
        "C",
        "b[1]",
        FORWARD,
    ),
    Mutant(
        "relu: the slope of the other side",
        rule(RELU, "slope", lambda A, x: 1 - A.step(x)),
        activated("relu"),
        "C",
        "b[1]",
        FORWARD,
    ),
    Mutant(
        "softplus: wrong by one part in 2^30",
        rule(SOFTPLUS, "slope", lambda A, x: A.logistic(x) * A.number(LESS_SHARP)),
        activated("softplus"),
        "C",
        "b[1]",
        FORWARD,
    ),
    Mutant(
        "quadratic: y - a for a - y",
        rule(QUADRATIC, "gradient", lambda A, a, y: y - a),
        activated("tanh", "quadratic"),
        "C",
        "b[1]",
        FORWARD,
    ),
    Mutant(
        "quadratic: the half is forgotten",
        rule(QUADRATIC, "gradient", lambda A, a, y: 2 * (a - y)),
        activated("tanh", "quadratic"),
        "C",
        "b[1]",
        FORWARD,
    ),
    Mutant(
        "cross-entropy: the gradient by z for the one by a",
        rule(BINARY_CROSS_ENTROPY, "gradient", lambda A, a, y: a - y),
        activated("logistic", "cross_entropy"),
        "C",
        "b[1]",
        BOTH,
    ),
    # the calculus
    Mutant("a path left out", without_the_last_path, RESIDUAL, "C", "b[1]"),
    Mutant("a path overwrites another", overwriting_a_path, RESIDUAL, "C", "a[0]"),
    Mutant("paths composed backwards", composing_backwards, RNN, "s[t]", "s[k]"),
    Mutant("the product begins one layer late", product_from(1), CHAIN, "C", "b[1]"),
    Mutant("the product begins one layer early", product_from(-1), CHAIN, "C", "b[2]", depth=4),
    Mutant("the product in the wrong order", product_in_the_wrong_order, RNN, "s[t]", "s[k]"),
    Mutant("the product in the wrong order, per-layer weights", product_in_the_wrong_order, DEEP, "a[L]", "a[0]"),
    Mutant("the state before last is forgotten", step_jacobian_of(only_the_last_row), LAGGED, "C", "a[0]"),
    Mutant("blocks of the state exchanged", step_jacobian_of(rows_and_columns_exchanged), LSTM, "h[t]", "c[k]"),
    Mutant("the sum over time misses its last term", sum_without(last=1), RNN, "E", "W"),
    Mutant("the sum over time misses its first term", sum_without(first=1), RNN, "E", "U"),
    Mutant("the immediate derivative of the step before", column_of_the_step_before, CHAIN, "C", "w[2]"),
    Mutant("direct dependence left out", without_direct_dependence, OPENED, "C", "K"),
    Mutant("the arguments of the cost exchanged", partials_exchanged, TWO_COSTS, "C", "w"),
    # evaluation
    Mutant(
        "a transposed product keeps its order",
        transposing(Compose, lambda m: Compose(tuple(M.transpose(x) for x in m.maps))),
        RNN,
        "s[t]",
        "s[k]",
        BACKWARD,
        3,
    ),
    Mutant(
        "a transposed indexed product keeps its order",
        transposing(Product, lambda m: replace(m, body=M.transpose(m.body))),
        RNN,
        "s[t]",
        "s[k]",
        BACKWARD,
    ),
    Mutant(
        "a transposed block keeps its rows",
        transposing(Block, lambda m: Block(tuple(tuple(M.transpose(x) for x in r) for r in m.rows))),
        PAIR,
        "c[L]",
        "h[0]",
        BACKWARD,
    ),
    Mutant("a matrix is not transposed", transposing(Matrix, lambda m: m), RNN, "s[t]", "s[k]", BACKWARD),
    Mutant("Horner's scheme misses its last term", horner_without_the_last_term, RNN, "E", "W"),
)


def meaning(op, other):
    """Replace all rules of an operation by those of another."""

    def install(put):
        rules = {name: getattr(other, name) for name in ("value", "jacobian", "pullback")}
        for name, wrong in rules.items():
            put(op, name, wrong)

    return install


def every_rule_of_tanh(put):
    put(TANH, "value", LOGISTIC.value)
    put(TANH, "slope", LOGISTIC.slope)
    put(TANH, "slope_of_output", LOGISTIC.slope_of_output)
    put(TANH, "slope_by_both", LOGISTIC.slope_by_both)
    put(Floating, "_tanh_slope", Floating._logistic_slope)


MISREAD = (
    ("x - y is x + y", meaning(SUB, ADD), "gru", "h[t]", "U_u", Verdict.REFUTED),  # the page has 1 - u_j
    ("x + y is x - y", meaning(ADD, SUB), "chain", "C", "b[1]", Verdict.SAMPLED),
    ("x*y is x + y", meaning(MUL, ADD), "residual", "C", "w[2]", Verdict.SAMPLED),
    ("tanh is the logistic function", every_rule_of_tanh, "lstm", "h[t]", "b_g", Verdict.SAMPLED),
)
