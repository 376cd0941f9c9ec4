"""Random networks for property tests: equations as a person writes them, and a derivative to ask for."""

import re
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import strategies as st

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.shape import shape_at

STATES, INNER = ("s", "c", "h"), ("u", "v", "q")
FUNCTIONS = ("sigma", "phi", "tanh", "sin")


@dataclass(frozen=True)
class Case:
    """Equations, a derivative, a depth, and whether the closed form is asked for with a symbolic depth.

    ``wrt`` is a name; where it carries an index, ``index`` is its number, which may also be left symbolic.
    """

    text: str
    of: str
    name: str
    index: int | None
    depth: int
    symbolic: bool
    symbolic_index: bool
    seed: int

    @property
    def wrt(self):
        """The quantity to derive by, as a person writes it: W, b[2], b[k]."""
        return self.name if self.index is None else f"{self.name}[{'k' if self.symbolic_index else self.index}]"

    def __str__(self):
        depth = f"symbolic, compared at {self.depth}" if self.symbolic else self.depth
        index = f", k = {self.index}" if self.symbolic_index else ""
        return f"{self.text}\n∂{self.of}/∂{self.wrt}, depth {depth}{index}, seed {self.seed}"

    __repr__ = __str__


class Builder:
    """Writes the right sides of one network, and notes the parameters that it invents."""

    def __init__(self, draw, dimension):
        self.draw, self.dimension = draw, dimension
        self.declared, self.parameters = {}, {}

    def pick(self, options):
        return self.draw(st.sampled_from(list(options)))

    def parameter(self, kind, shared=False):
        """Return a parameter: shared, of each layer, or of the layer before; perhaps one used already."""
        index = "" if shared else "[j]" if kind == "x" else self.pick(("", "[j]", "[j-1]"))
        name = kind + {"": "", "[j]": "l", "[j-1]": "m"}[index] + self.pick("12")
        d = self.dimension
        shape = {"W": f"({d}, {d})", "k": ""}.get(kind, f"({d},)") if d else ""
        if shape:
            self.declared[name] = f"{name}{'[j]' if index else ''}: {shape}"
        self.parameters[name] = None if not index else 0 if index == "[j-1]" else 1
        return name + index

    def term(self, r, other):
        """Return a term of the shape of the states that reads the quantity r, and perhaps another."""
        W, b, k, x = (lambda kind=kind: self.parameter(kind) for kind in "Wbkx")
        f = self.pick(FUNCTIONS)
        times = "@" if self.dimension else "*"
        forms = [
            lambda: r,
            lambda: f"-{r}",
            lambda: f"{self.pick(('1.5', '1/3', '0.7'))}*{r}",
            lambda: f"{W()}{times}{r}",
            lambda: f"{W()}{times}{r} + {b()}",
            lambda: f"{f}({W()}{times}{r} + {b()})",
            lambda: f"{f}({r})*{other}",
            lambda: f"(1 - {f}({r}))*{other}",
            lambda: f"{k()}*{f}({r})",
            lambda: f"{f}({x()} + {r})",
            lambda: f"{f}({r})**2",
            lambda: f"{f}({r})/(2 + {other}**2)",
            lambda: f"max({r}, {other} + {k()})",
            lambda: f"clip({f}({r}), -1/4, 1/2)",
            lambda: f"where({r} > {k()}, {f}({r}), {other})",
            lambda: f"where({r} > 0 or {other} < {k()}, {other}*{r}, {r})",
            lambda: f"stop_gradient({f}({r}))*{other} + {r}",
        ]
        if self.dimension:
            forms += [
                lambda: f"{W()}.T@{r}",
                lambda: f"{r}@{W()}",
                lambda: f"{W()}@{W()}@{r}",
                lambda: f"({W()} + {W()}.T)@{f}({r})",
                lambda: f"softmax({r})",
                lambda: f"({b()}@{f}({r}))*{other}",
                lambda: f"sum({f}({r}))*{b()}",
                lambda: f"{W()}@({f}({r})*{other})",
                lambda: f"inv({W()})@{f}({r})",
                lambda: f"matrix_power({W()}, {self.pick('23')})@{r}",
                lambda: f"{self.pick(('tr', 'det', 'logdet'))}({W()})*{r}",
                lambda: f"diag({b()})@{W()}@{r}",
                lambda: f"diag({W()})*{r}",
                lambda: f"outer({b()}, {b()})@{r}",
                lambda: f"det(outer({b()}, {b()}) + {W()})*{r}",
            ]
        return self.pick(forms)()

    def right_side(self, must, reads):
        """Return a sum of one to three terms, the first of which reads ``must``."""
        terms = [self.term(must, self.pick(reads))]
        for _ in range(self.pick((0, 0, 1, 1, 2))):
            terms.append(self.term(self.pick(reads), self.pick(reads)))
        return " + ".join(terms).replace("+ -", "- ")

    def costs(self, states, inner):
        """Return one to three closing equations."""
        lines = [f"C = cost({states[0]}[L], y)"]
        if self.pick((True, False)):
            q, late = self.pick([*states, *inner]), states[-1]
            square = f"sum({q}[L]**2)" if self.dimension else f"{q}[L]**2"
            forms = (
                lambda: f"loss({q}[L], {late}[L-1])",
                lambda: f"C*loss({q}[L])",
                lambda: f"loss({late}[L-1]) + {square}",
                lambda: f"cost({q}[L] + {self.parameter('b', shared=True)}, y)",
                lambda: f"loss({q}[L], {self.parameter('x').replace('[j]', '[L]')})",
            )
            lines += [f"D = {self.pick(forms)()}", "E = C + 2*D"]
        return lines


@st.composite
def networks(draw):
    """Draw a case: 1 to 3 states, 1 to 4 equations a step, lags, skips, several costs, any depth to 5."""
    new = Builder(draw, draw(st.sampled_from(("", "d", "2", "d"))))
    count = draw(st.integers(1, 4))
    states = STATES[: draw(st.integers(1, min(3, count)))]
    inner = INNER[: count - len(states)]
    lags = {s: new.pick((1, 1, 1, 2, 3)) for s in states}
    reads = [f"{s}[j-{n}]" for s in states for n in range(1, lags[s] + 1)]
    if new.pick(range(8)) == 0:
        reads.append(f"{states[0]}[0]")
    lines = []
    for name in (*inner, *states):
        must = f"{name}[j-{lags[name]}]" if name in states else new.pick(reads)
        lines.append(f"{name}[j] = {new.right_side(must, reads)}")
        reads.append(f"{name}[j]")
    opening = [f"{states[0]}[0] = tanh({new.parameter('b', shared=True)})"] if new.pick(range(4)) == 0 else []
    costs = new.costs(states, inner)
    d = new.dimension
    shapes = [f"{s}[0]: ({d},)" for s in states[len(opening) :]] + [f"y: ({d},)"] if d else []
    text = "\n".join([*new.declared.values(), *shapes, *opening, *lines, *costs])
    depth = new.pick((3, 2, 1, 4, 5))
    of = new.pick([line[0] for line in costs] * 2 + [f"{q}[L]" for q in (*states, *inner)])
    by = [(states[0], 0), *((q, draw(st.integers(1, depth))) for q in (*states, *inner))]
    for name, first in list(new.parameters.items()) * 3:
        by.append((name, None if first is None else draw(st.integers(first, depth - 1 + first))))
    name, index = new.pick(by)
    symbolic_index = index is not None and new.pick((False, False, True))
    return Case(text, of, name, index, depth, draw(st.booleans()), symbolic_index, draw(st.integers(0, 999)))


def values_for(model, depth, seed, size=lambda d: 2):
    """Return random values for all parameters: multiples of 1/64 between 1/4 and 5/4 with a random sign.

    ``size`` gives the number for a symbolic dimension. The values are exact in every arithmetic.
    """
    random = Random(seed)

    def array(q):
        shape = sizes(model, q, depth, size)
        numbers = [random.choice((-1, 1)) * Fraction(random.randint(16, 80), 64) for _ in range(int(np.prod(shape)))]
        return np.array(numbers, dtype=object).reshape(shape) if shape else numbers[0]

    values = {}
    for q in model.parameters:
        if isinstance(q.index, Index):
            layers = range(model.first_index(q.name), model.last_index(q.name, depth) + 1)
            values[q.name] = [array(Quantity(q.name, k)) for k in layers]
        else:
            values[str(q)] = array(q)
    return values


def sizes(model, q, depth, size=lambda d: 2):
    """Return the shape of a quantity in numbers."""
    shape = shape_at(model.shape(q), {model.depth_symbol: depth})
    return tuple(d if isinstance(d, int) else size(d) for d in shape)


@st.composite
def batches(draw):
    """Draw a network whose states are matrices, a column for each item of a batch; a cost by a matrix or a state."""
    pick = lambda options: draw(st.sampled_from(list(options)))  # noqa: E731
    terms = (
        "W@S[j-1]",
        "Wl[j]@S[j-1]",
        "W.T@S[j-1]",
        "S[j-1]@M",
        "sigma(S[j-1])",
        "k*S[j-1]",
        "S[j-1]*G",
        "W@sigma(S[j-1])",
        "tanh(Wl[j]@S[j-1] + X[j])",
        "(U@S[j-1])*sigma(S[j-1])",
        "-S[j-1]/k",
        "X[j]",
    )
    chosen = [pick(terms[:-1]), *(pick(terms) for _ in range(pick((0, 0, 1, 2))))]
    cost = pick(
        ("quadratic(S[L], Y)", "sum(S[L]**2)/2", "sum(G*S[L])", "cost(S[L])", "sum(sigma(V@S[L]))", "k*sum(S[L]*Y)")
    )
    step = " + ".join(chosen).replace("+ -", "- ")
    shapes = {
        "W": "W: (d, d)",
        "Wl": "Wl[j]: (d, d)",
        "M": "M: (B, B)",
        "G": "G: (d, B)",
        "U": "U: (d, d)",
        "X": "X[j]: (d, B)",
        "Y": "Y: (d, B)",
        "V": "V: (n, d)",
        "k": "",
    }
    used = {name for name in shapes if re.search(rf"\b{name}\b", f"{step} {cost}")}
    declared = [line for name, line in shapes.items() if name in used and line]
    text = "\n".join([*declared, "S[0]: (d, B)", f"S[j] = {step}", f"C = {cost}"])
    depth = pick((1, 2, 3))
    indexed = {"Wl", "X"}
    name = pick(sorted({*used, "S"}))
    index = 0 if name == "S" else draw(st.integers(1, depth)) if name in indexed else None
    return Case(text, "C", name, index, depth, draw(st.booleans()), False, draw(st.integers(0, 999)))


@st.composite
def indexed(draw):
    """Draw equations with sums over steps, a family, or two recurrences: their text, of, wrt and a depth or None."""
    pick = lambda *options: draw(st.sampled_from(options))  # noqa: E731
    f, g = pick("tanh", "sin", "logistic"), pick("tanh", "cos", "softplus")
    kind = pick("steps", "family", "both", "grid", "ways")
    over = pick("sum[t]({})", "mean[t]({})", "sum[t:2:T]({})", "sum[t:1:T-1]({})", "prod[t](1 + {}**2)")
    members = pick("sum[i]({})", "mean[i]({})", "prod[i]({})", "sum[i](sum[k != i]({}*x[k]))")
    if kind == "steps":
        term = pick("s[t]**2", f"{f}(s[t] + x[t])", "s[t]*x[t]", "s[t]*s[t-1]")
        text = f"s[t] = {g}(w*s[t-1] + x[t])\nE = {over.format(term)} + s[T]"
        return text, "E", pick("w", "s[0]", "s[2]", "x[k]", "s[k]"), pick(None, None, 3)
    if kind == "family":
        term = pick("x[i]", f"{f}(v*x[i])", "m[i]*x[i]**2")
        text = f"i: range(1, n+1)\nm[i] = {g}(v + x[i])/sum[k](exp(x[k]))\nE = {members.format(term)} + sum[i](m[i])"
        return text, pick("E", "E", "m[j]"), pick("v", "x[2]", "x[k]", "m[1]"), None
    if kind == "both":
        text = f"i: range(1, 3)\na[l] = a[l-1] + sum[i](u[l,i]*{f}(v[i]*a[l-1]))/sqrt(L)\nE = {g}(a[L])"
        return text, "E", pick("a[0]", "v[1]", "u[1,2]", "u[j,1]"), pick(None, 2)
    if kind == "grid":
        text = f"h[l,t] = {f}(w[l]*h[l-1,t] + {g}(u*h[l,t-1]) + x[t])\nE = sum[t](h[L,t]**2)"
        return text, "E", pick("u", "w[1]", "x[2]", "h[0,1]", "h[2,0]", "h[1,1]"), 2
    text = f"f[t] = {f}(u*f[t-1] + x[t])\nb[t] = {g}(w*b[t+1] + x[t])\nE = sum[t](f[t]*b[t])"
    return text, "E", pick("u", "w", "x[1]", "f[0]", "b[4]"), 3


@st.composite
def row_networks(draw):
    """Draw a network whose items are rows: broadcasts, axes, softmax of rows, attention; a cost by anything."""
    pick = lambda options: draw(st.sampled_from(list(options)))  # noqa: E731
    terms = (
        "H@W",
        "H@Wl[j] + b",
        "H + c",
        "tanh(H)*g",
        "H/(2 + c**2)",
        "softmax(H)",
        "softmax(H, axis=0)",
        "log_softmax(H)",
        "sin(H) - mean(H, axis=1, keepdims=True)",
        "H - H.mean(axis=0)",
        "H/sqrt(var(H, axis=-1, keepdims=True) + 1)",
        "softmax(H@H.T/sqrt(d))@H",
        "softmax(H@K.T + M)@V",
        "H*max(H, axis=0)",
        "H*min(H, axis=1, keepdims=True)",
        "H*logsumexp(H, axis=1, keepdims=True)",
        "H/(1 + norm(H))",
        "H*norm(W, axis=0)",
        "std(H)*H",
        "layer_norm(H, 1)@W",
        "rms_norm(H, 2)*g",
        "batch_norm(H, 1)",
        "sum(abs(H), axis=1, keepdims=True)*g",
        "relu(H)*mean(H)",
        "outer(H@g, b)",
    )
    chosen = [pick(terms), *(pick(terms) for _ in range(pick((0, 0, 1))))]
    cost = pick(
        (
            "sum(H**2)/2",
            "mean(quadratic(H, Y))",
            "mean(softmax_cross_entropy(H, Y))",
            "norm(H - Y)",
            "norm1(H)",
            "sum(norm(H, axis=1))",
            "cost(H)",
            "logsumexp(mean(H, axis=0))",
            "sum(max(H, axis=-1))",
            "var(H@g)",
            "sum(Y*log_softmax(H + b))",
        )
    )
    step = re.sub(r"\bH\b", "H[j-1]", " + ".join(chosen))
    end = re.sub(r"\bH\b", "H[L]", cost)
    shapes = {
        "W": "W: (d, d)",
        "Wl": "Wl[j]: (d, d)",
        "K": "K: (m, d)",
        "V": "V: (m, d)",
        "M": "M: (n, m)\nM: mask",
        "Y": "Y: (n, d)\nY: simplex",
        "b": "b: (d,)",
        "g": "g: (d,)",
        "c": "c: (n, 1)",
    }
    used = [name for name in shapes if re.search(rf"\b{name}\b", f"{step} {end}")]
    text = "\n".join([*(shapes[name] for name in used), "H[0]: (n, d)", f"H[j] = {step}", f"C = {end}"])
    name = pick([*(n for n in used if n not in "MY"), "H", "H"])
    depth = pick((1, 2))
    index = 0 if name == "H" else draw(st.integers(1, depth)) if name == "Wl" else None
    return Case(text, "C", name, index, depth, draw(st.booleans()), False, draw(st.integers(0, 999)))


@st.composite
def unit_networks(draw):
    """Draw a network of vectors that normalises, by units and by hand, with open functions of vectors among them."""
    pick = lambda options: draw(st.sampled_from(list(options)))  # noqa: E731
    terms = (
        "W@layer_norm(h, 1)",
        "g*rms_norm(h, e)",
        "normalize(h)",
        "F(h)",
        "F(LN(h))",
        "LN(tanh(h))",
        "g*(h - mean(h))/sqrt(var(h) + 2)",
        "W@h/norm(h)",
        "softmax(W@h)",
        "h",
    )
    chosen = [pick(terms), pick(terms), *(pick(terms) for _ in range(pick((0, 0, 1))))]
    cost = pick(("cost(h)", "g@normalize(h)", "norm(h)", "sum(LN(h)**3)", "-log(logistic(g@h))"))
    step = re.sub(r"\bh\b", "h[j-1]", " + ".join(chosen))
    end = re.sub(r"\bh\b", "h[L]", cost)
    head = ["e: positive", "LN(x) = (x - mean(x))/sqrt(var(x) + e)", "F: vector", "W: (d, d)", "g: (d,)"]
    used = f"{step} {end}"
    head = [line for line in head if re.search(rf"\b{re.match(r'[A-Za-z]+', line)[0]}\b", used) or line[0] == "e"]
    if not re.search(r"\be\b", used) and "LN" not in used:
        head = head[1:]
    text = "\n".join([*head, "h[0]: (d,)", f"h[j] = {step}", f"C = {end}"])
    name = pick(["h", *(n for n in "Wg" if re.search(rf"\b{n}\b", used))])
    depth = pick((1, 2))
    return Case(
        text, "C", name, 0 if name == "h" else None, depth, draw(st.booleans()), False, draw(st.integers(0, 99))
    )


@st.composite
def part_networks(draw):
    """Draw a recurrence with entries, slices and arrays put together: its text, of, wrt and a depth or None."""
    pick = lambda *options: draw(st.sampled_from(options))  # noqa: E731
    terms = (
        "tanh(W@concat(s[j-1], x[j]))",
        "concat(x[j], s[j-1])[1:d]*b",
        "sin(concat(s[j-1], x[j])[n+1:n+d])",
        "s[j-1][2]*b",
        "s[j-1][d]*tanh(s[j-1])",
        "V@tanh(s[j-1][1:2])",
        "concat(s[j-1][2], s[j-1][2:d])",
        "W[:,d+1]*s[j-1][1]",
        "tanh(W[:,1:d]@s[j-1])",
        "W[1,2]*s[j-1]",
        "U[2,:]*s[j-1]",
        "softmax(U@s[j-1])[1]*s[j-1]",
        "concat(U, W, axis=1)@concat(s[j-1], s[j-1], x[j])",
    )
    chosen = [pick(*terms), *(pick(*terms) for _ in range(pick(0, 0, 1)))]
    cost = pick("s[L][1]", "loss(concat(s[L], b))", "sum(s[L]**2)", "-log_softmax(s[L])[2]", "cost(s[L][2:d])")
    shapes = {"W": "W: (d, d+n)", "U": "U: (d, d)", "V": "V: (d, 2)", "b": "b: (d,)", "x": "x[j]: (n,)"}
    step = " + ".join(chosen)
    used = [name for name in shapes if re.search(rf"\b{name}\b", f"{step} {cost}")]
    lines = [*(shapes[name] for name in used), "s[0]: (d,)", f"s[j] = {step}", f"E = {cost}"]
    wrt = pick(*(f"{name}[2]" if name == "x" else name for name in used), "s[0]", "s[k]")
    return "\n".join(lines), pick("E", "E", "s[L]"), wrt, pick(None, 2)


@st.composite
def sums_of_letters(draw):
    """Draw a network whose indices are sums of letters: its text, and a derivative ∂of/∂wrt to ask for or None."""
    pick = lambda *options: draw(st.sampled_from(options))  # noqa: E731
    f = pick("tanh", "sin", "logistic")
    kind = pick("windows", "windows", "pool", "causal", "recurrence", "plane", "layers")
    n, K = pick("n+1", "4"), pick("K+1", "3", "4")
    ranges = f"i: range(1, {n})\nk: range(1, {K})\n"
    if kind == "windows":
        position = pick("i+k-1", "i-k", "i+k", "2*i+k-2", "i+2*k", "k-i", "2*i-k", "i+k+1", "3*i-2*k")
        padded = pick("", "x[i]: zero_padded\n")
        other = pick("", "", "*x[i]") if not padded else ""
        body = f"w[k]*x[{position}]{other}" if not other else f"w[k]*u[{position}]*x[i]"
        text = f"{ranges}w[k]: ()\n{padded}y[i] = sum[k]({body})\nC = {pick('sum', 'mean')}[i]({f}(y[i]))"
        return text, pick(None, ("C", "w[2]"), ("C", "w[m]"), ("C", "u[2]" if other else "x[2]"))
    if kind == "pool":
        inside = pick("max(x[2*i-1], x[2*i])", "x[2*i]*x[2*i+1]", "mean[p:1:3](x[3*i-p])", "prod[p:0:1](x[2*i-p])")
        return f"i: range(1, {n})\ny[i] = {inside}\nC = sum[i]({f}(y[i]))", pick(None, ("C", "x[2]"), ("C", "x[j]"))
    if kind == "causal":
        ends = pick("k:0:t", "k:0:t-1", "k:1:t", "k:max(0, t-2):t")
        text = f"K[k]: ()\nx[s]: ()\ny[t] = sum[{ends}](K[k]*x[t-k])\nE = sum[t]({f}(y[t]))"
        return text, pick(None, ("E", "K[k]"), ("E", "x[s]"))
    if kind == "recurrence":
        least = pick("1:2", "1:3", "2:3")
        return f"x[t] = {f}(sum[k:{least}](v[k]*x[t-k]) + u[t])\nE = sum[t](x[t]**2)", None
    if kind == "plane":
        text = "i: range(1, 3)\nj: range(1, m+1)\na: range(1, 3)\nb: range(1, B+1)\nK[a,b]: ()\n"
        position = pick("i+a-1,j+b-1", "i-a,j+b", "2*i-a,j-b")
        return f"{text}Y[i,j] = sum[a](sum[b](K[a,b]*X[{position}]))\nE = sum[i](sum[j]({f}(Y[i,j])))", None
    position = pick("i+k-2", "i-k", "i+k-1")
    text = (
        f"{ranges}a[l,i]: zero_padded\nz[l,i] = sum[k](w[{pick('l,k', 'k')}]*a[l-1,{position}])\na[l,i] = {f}(z[l,i])\n"
    )
    return f"{text}E = sum[i](a[L,i]**2)", None
