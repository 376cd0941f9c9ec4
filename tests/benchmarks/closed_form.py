"""The closed form of ∂C/∂b_1 of the chain, from its equations to the product, kept as ∏ or written out."""

import gc
import sys
from collections.abc import Iterator
from functools import partial
from math import log
from time import process_time

import symgrad as sg
from symgrad.calculus.expand import expand

from .pairs import in_pairs, seconds
from .row import Row

GROWTH = (1_000, 10_000, 100_000, 1_000_000)


def forget() -> None:
    """Empty every cache of symgrad, so that a second run costs what the first does."""
    for name, module in list(sys.modules.items()):
        if name.startswith("symgrad"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def forget_all() -> None:
    """Empty the caches of symgrad and of SymPy."""
    from sympy.core.cache import clear_cache

    forget()
    clear_cache()
    gc.collect()


def kept(depth: int) -> sg.Gradient:
    """Read the chain's equations and derive; the product is kept as ∏_{j=2}^{L}."""
    return sg.model("chain").derivative("C", "b[1]", depth=depth)


def written_out(depth: int):
    """Derive, and write out the product of 2 L factors, which a page does up to 10,000 layers."""
    whole = expand(kept(depth).map, longest=depth)
    assert len(whole.maps) == 2 * depth
    return whole


def printed(depth: int) -> str:
    """Derive and print: written out up to 10,000 layers, with numbers as the bounds of ∏ beyond."""
    return str(kept(depth))


def nested(library, depth: int, sigma):
    """Return the cost of the chain as one nested expression of SymPy or symengine, and b_1."""
    w, b = ([library.Symbol(f"{name}{j}") for j in range(1, depth + 1)] for name in "wb")
    a = library.Symbol("a0")
    for j in range(depth):
        a = sigma(w[j] * a + b[j])
    return library.Function("cost")(a, library.Symbol("y")), b[0]


def differentiated(library, depth: int, opaque: bool):
    """Build the nested expression and differentiate it; σ is the logistic function, or opaque."""
    sigma = library.Function("sigma") if opaque else lambda z: 1 / (1 + library.exp(-z))
    cost, b1 = nested(library, depth, sigma)
    return cost.diff(b1)


def rows() -> Iterator[Row]:
    """Measure against symengine at depths 100 and 1,000, and against SymPy at depth 30."""
    import symengine
    import sympy

    for depth, reach, rounds in ((100, 1, 15), (1_000, 50, 7)):
        for opaque in (False, True):
            sigma = "σ opaque" if opaque else "σ logistic"
            theirs = partial(differentiated, symengine, depth, opaque)
            peer = f"symengine, `diff` of the nested expression, {sigma}"
            what = f"∂C/∂b_1 of the chain, depth {depth:,}, from the equations to the closed form, "
            yield Row(what + "products kept", peer, in_pairs(partial(kept, depth), theirs, rounds, forget_all), reach)
            pairs = in_pairs(partial(written_out, depth), theirs, rounds, forget_all)
            yield Row(what + "all factors written out", peer, pairs)
    theirs = partial(differentiated, symengine, 100, False)
    pairs = in_pairs(partial(printed, 100), lambda: str(theirs()), 15, forget_all)
    yield Row("the same at depth 100, written out and printed", "symengine, `diff` and `str`, σ logistic", pairs)
    theirs = partial(differentiated, sympy, 30, False)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)  # with Python's own, 1,000, SymPy stops before depth 30
    pairs = in_pairs(partial(written_out, 30), theirs, 5, forget_all)
    sys.setrecursionlimit(limit)
    yield Row("the same at depth 30, all factors written out", "SymPy, `diff`, σ logistic", pairs, 100)


def growth() -> dict[str, dict[int, float]]:
    """Return the least CPU seconds of two runs at each depth: products kept, written out."""
    runs = {"products kept": kept, "all factors written out": written_out}
    return {
        name: {depth: min(seconds(partial(run, depth), forget_all, process_time) for _ in range(2)) for depth in GROWTH}
        for name, run in runs.items()
    }


def exponent(times: dict[int, float]) -> float:
    """Return the slope of ln(seconds) over ln(depth), by least squares."""
    points = [(log(depth), log(s)) for depth, s in times.items()]
    x, y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    return sum((p[0] - x) * (p[1] - y) for p in points) / sum((p[0] - x) ** 2 for p in points)
