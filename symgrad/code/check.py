"""The self-test of a program: its gradients beside differences along a random direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symgrad.calculus.values.values import value_name
from symgrad.code.sample import Sample
from symgrad.errors import SymgradError

if TYPE_CHECKING:
    from symgrad.code.program import Program

TEST = '''\
def check():
    """Compare the gradients with differences along random directions; raise ValueError where they differ."""
{before}{draw}
    given = {{
{given}
    }}

    def like_it(x):
        return [like_it(y) for y in x] if isinstance(x, list) else draw(*x.shape)

    def moved(x, d, h):
        return [moved(y, e, h) for y, e in zip(x, d)] if isinstance(x, list) else x + h * d

    def along(g, d):
        return sum(along(h, e) for h, e in zip(g, d)) if isinstance(d, list) else {along}

    value, slopes = gradients(**given)
    for key, name in {pairs}:
        d = like_it(given[name])
        there, back = (gradients(**(given | {{name: moved(given[name], d, h)}}))[0] for h in (1e-6, -1e-6))
        found, expected = along(slopes[key], d), (there - back) / 2e-6
        if not (abs(found - expected) <= 1e-5 * abs(expected) + 1e-8 * abs(value)).all():
            raise ValueError(f"the gradient by {{key}} differs from a difference: {{found}} is not {{expected}}")
    print("the gradients agree with differences")


if __name__ == "__main__":
    check()'''
DRAW = {
    "numpy": """\
    random = np.random.default_rng(0)

    def draw(*shape):
        return np.asarray(random.uniform(0.2, 0.8, shape))
""",
    "jax": """\
    keys = iter(jax.random.split(jax.random.key(0), 1000))

    def draw(*shape):
        return jax.random.uniform(next(keys), shape, minval=0.2, maxval=0.8)
""",
    "torch": """\
    torch.manual_seed(0)

    def draw(*shape):
        return 0.2 + 0.6 * torch.rand(shape)
""",
}
"""How values are drawn: (0.2, 0.8) holds no kink at 0, and what logarithms and roots take."""


def check_lines(p: Program, asked: list[str]) -> list[str]:
    """Return the lines of the self-test; none where no small values are found."""
    if p.backend.name not in DRAW:
        return []
    try:
        sample = Sample(p.equations)
        values = {a.name: _written(p, sample, sample.value(a), sample.has_domain(a)) for a in p.given}
    except (SymgradError, KeyError):
        return []
    if p.open_letters or p.w.open:
        return []
    values |= {p.w.letter(x): str(sample.ends[x]) for x in (*p.network.members, *asked)}
    known = {value_name(a.q): a for a in p.given}
    asked_of = [known[value_name(q)] for q in p.equations.asked if value_name(q) in known]
    pairs = [(value_name(a.q), a.name) for a in asked_of if not any(d.infinite for d in p.network.domains(a.q))]
    if not pairs:
        return []
    axes = "(g * d).sum()" if p.jacobian is None else f"{p.backend.module}.tensordot(g, d, d.ndim)"
    text = TEST.format(
        before="".join(f"    {line}\n" for line in p.backend.before_check),
        draw=DRAW[p.backend.name],
        given="\n".join(f'        "{name}": {text},' for name, text in values.items()),
        pairs=f"({', '.join(f'({key!r}, {name!r})' for key, name in pairs)},)",
        along=axes,
    )
    return text.splitlines()


def _written(p: Program, sample: Sample, x: Any, has_domain: bool) -> str:
    """Return a value as a draw of its shape, or its numbers where it lies in a set of its own."""
    if isinstance(x, list):
        shapes = {_shape(y) for y in x}
        if has_domain or len(shapes) > 1 or None in shapes or p.jacobian is not None:
            return f"[{', '.join(_written(p, sample, y, has_domain) for y in x)}]"
    if has_domain:
        text = repr(np.array(x, dtype=float).tolist()).replace("-inf", '-float("inf")')
        return p.backend.array.format(text)
    shape = _shape(x)
    return f"draw({', '.join(map(str, shape or ()))})"


def _shape(x: Any) -> tuple[int, ...] | None:
    """Return the shape of nested lists of arrays, None where they differ."""
    if not isinstance(x, list):
        return np.shape(x)
    shapes = {_shape(y) for y in x}
    return None if len(shapes) != 1 or None in shapes else (len(x), *next(iter(shapes)))  # type: ignore[misc]
