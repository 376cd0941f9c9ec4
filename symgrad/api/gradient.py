"""The derivative of one quantity by another, with everything a user asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symgrad.algebra.linear_map import LinearMap
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.expand import expand
from symgrad.export.derivative import Presentation
from symgrad.export.math import Display
from symgrad.export.notation import Notation, fitting
from symgrad.export.text import display_text, math_text
from symgrad.network.read import again, asked_of

if TYPE_CHECKING:  # a derivative is found and printed without number systems, evidence and bounds
    import sympy

    from symgrad.api.bound import Bound
    from symgrad.api.magnitude_plot import MagnitudePlot
    from symgrad.draw.drawing import Drawing
    from symgrad.evidence.evidence import Evidence
    from symgrad.numbers.box.enclose import Enclosure
    from symgrad.numbers.magnitude.magnitude import Magnitude


@dataclass(frozen=True)
class Gradient(ClosedForm):
    """∂of/∂wrt, total, in closed form: print it, evaluate it, bound it, verify it, set it in LaTeX.

    map: the linear map. assumptions: what was assumed of the indices. reason: why it is 0, where it is.
    layout: "numerator" (``of`` down, ``wrt`` across) or "denominator" (transposed). ``Model.derivative`` makes it.

    >>> import symgrad as sg
    >>> g = sg.model("rnn").derivative("s[t]", "s[k]")
    >>> print(g, "for", *g.assumptions)
    ∏_{j=k+1}^{t} diag(σ'(a_j)) W for t ≥ k
    """

    layout: str = "numerator"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the question: the equations, and what is derived by what; it is derived again."""
        return _derived, (asked_of(self.network), str(self.of), str(self.wrt), self.depth, self.layout)

    @cached_property
    def expanded(self) -> LinearMap:
        """The map with its products written out, where the depth is a number."""
        return expand(self.map)

    def presentation(self, notation: Notation | str = "nielsen", form: str = "folded") -> Presentation:
        """Return how the derivative is laid out on a page, in a notation, which may be given by its name."""
        return Presentation(self, fitting(notation, self.network, self.of, self.wrt), self.layout, form)

    def recurrence(self, notation: Notation | str = "nielsen", form: str = "folded") -> Presentation:
        """Return how the derivative is laid out as one step of the forward recursion.

        >>> import symgrad as sg
        >>> page = sg.parse("s[t] = tanh(w*s[t-1] + x[t])").derivative("s[t]", "w").recurrence(form="unfolded")
        >>> print(page.equation())
        ∂s_t/∂w = s_{t-1} (1 - s_t^2) + ∂s_{t-1}/∂w w (1 - s_t^2)
        """
        from symgrad.export.forward import ForwardPresentation

        return ForwardPresentation(self, fitting(notation, self.network, self.of, self.wrt), self.layout, form)

    def paths(self, notation: Notation | str = "nielsen", form: str = "folded") -> Presentation:
        """Return how the derivative is laid out as the sum of its paths: 2^L of them through L residual blocks.

        Raises NotDefined at a symbolic number of steps, TooLarge beyond 1,024 paths.

        >>> import symgrad as sg
        >>> model = sg.parse("F: vector\\nx[0]: (n,)\\nx[l]: (n,)\\nx[l] = x[l-1] + F(x[l-1])")
        >>> print(model.derivative("x[2]", "x[0]").paths().equation())
        ∂x_2/∂x_0 = I + ∂F/∂x_0 + ∂F/∂x_1 + ∂F/∂x_1 ∂F/∂x_0
        """
        from symgrad.export.paths import PathsPresentation

        return PathsPresentation(self, fitting(notation, self.network, self.of, self.wrt), self.layout, form)

    def telescoped(self, notation: Notation | str = "nielsen", form: str = "folded") -> Presentation:
        """Return how the derivative by a residual state is laid out as ∂C/∂x_L and a sum over the steps after it.

        Raises NotDefined where no residual steps lie between.

        >>> import symgrad as sg
        >>> model = sg.parse("F: vector\\nx[0]: (n,)\\nx[l] = x[l-1] + F(x[l-1])\\nC = cost(x[L])")
        >>> print(model.derivative("C", "x[l]").telescoped().equation())
        ∂C/∂x_l = ∂C/∂x_L + ∑_{j=l+1}^{L} ∂C/∂x_j ∂F/∂x_{j-1}
        """
        from symgrad.export.telescoped import TelescopedPresentation

        return TelescopedPresentation(self, fitting(notation, self.network, self.of, self.wrt), self.layout, form)

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors of the product: in path order for numbers, as they stand for matrices.

        >>> import symgrad as sg
        >>> sg.model("chain").derivative("C", "b[1]", depth=2).factors
        ("σ'(z_1)", 'w_2', "σ'(z_2)", '∂C/∂a_2')
        """
        return self.presentation().factors()

    def latex(self, notation: Notation | str = "nielsen") -> str:
        """Return the right side as LaTeX without delimiters, for use inside align or equation.

        notation: a name as of ``symgrad.notation``, "ng" or "mybook.toml", or the notation itself.

        >>> import symgrad as sg
        >>> print(sg.model("chain").derivative("a[2]", "a[1]").latex("ng"))
        W^{[2]}\\, g'(Z^{[2]})
        """
        from symgrad.export.latex_math import math_latex

        page = self.presentation(notation)
        return math_latex(page.typesetter.suited.math(page.right))

    def page(
        self,
        format: str = "markdown",
        *,
        only: str | None = None,
        env: str | None = None,
        label: str = "",
        labels: str | None = None,
        notation: Notation | str = "nielsen",
        form: str = "folded",
        standalone: bool = False,
    ) -> str:
        """Return the page as it is pasted into a document; ``verify`` checks what it says.

        format: text, latex, markdown, rst, html, typst or json. only: equation, rhs or definitions; env: equation,
        align, gather or none; label: the name of the first equation, the others are label-2, label-3; labels: latex,
        myst, quarto or none. form: folded, unfolded or inputs. Raises SymgradError for what does not go together.

        >>> import symgrad as sg
        >>> print(sg.parse("C = w**3").derivative("C", "w").page(label="eq:cube"), end="")
        $$
        \\frac{\\partial C}{\\partial w} = 3\\, w^{2}
        $$ (eq:cube)
        """
        from symgrad.api.page import page
        from symgrad.export.json import derivative_record
        from symgrad.export.page_options import PageOptions

        options = PageOptions(notation, format, only, label, env, labels, standalone)
        shown = self.presentation(notation, form)
        title = f"∂{shown.names[0]}/∂{shown.names[1]} of {self.network.name}"
        return page(shown.document(), title, options, lambda: derivative_record(shown))

    def sympy(self) -> sympy.Basic:
        """Return the derivative as a SymPy expression or matrix expression, in this layout; products are kept.

        A product of matrices over a symbolic depth is an ``OrderedProduct``, which has LaTeX, ``subs`` and ``doit``.
        Raises NotDefined where SymPy has no such object, as for a sum of matrices over a symbolic depth.

        >>> import symgrad as sg
        >>> sg.model("chain").bind("tanh").derivative("a[L]", "a[0]").sympy()
        Product((1 - tanh(z[j])**2)*w[j], (j, 1, L))
        >>> product = sg.model("rnn").bind("tanh").derivative("s[t]", "s[k]").sympy()
        >>> product.subs({"k": 1, "t": 2}).doit().shape
        (d, d)
        """
        from symgrad.export.symbolic import to_sympy

        return to_sympy(self, self.layout)

    def evaluate(
        self,
        values: Mapping[str, Any],
        arithmetic: str = "float",
        digits: int | None = None,
        depth: int | None = None,
        indices: Mapping[str, int] | None = None,
    ) -> Any:
        """Return the derivative as a number or an array, at values of the parameters.

        values: "w" with the layers on its first axis, "W" an array, "a[0]" a boundary value.
        arithmetic: "float", "exact", "mp", "ball" (the last two with ``digits``).
        Exact in "exact", enclosed in "ball"; float64 warns where it under- or overflowed.

        >>> import symgrad as sg
        >>> g = sg.model("deep_linear").let("W[l] = 0.5*I").derivative("a[L]", "a[0]", depth=3)
        >>> g.evaluate({"a[0]": [1, 1], "y": [0, 0]}, "exact").tolist()
        [[1/8, 0], [0, 1/8]]
        """
        from symgrad.calculus.numeric import evaluate

        return evaluate(self, values, arithmetic, digits, depth, indices, self.layout)

    def code(self, language: str = "numpy") -> str:
        """Return a program for the derivative: the forward pass, the backward equations, and a self-test.

        language: "numpy", "jax", "torch" or "julia"; docs/code.md has what each does. A gradient has the shape of
        ``wrt``; a Jacobian that of ``of``, and then that of ``wrt``. An open index, the k of s[k], is an argument, and
        so is a function that is left open. Raises NotDefined for what is not written as code.

        >>> import symgrad as sg
        >>> text = sg.model("chain").bind("tanh", cost="quadratic").derivative("C", "b[1]").code()
        >>> print(*[line.strip() for line in text.splitlines() if "delta_z = w" in line])
        delta_z = w[j + 1] * delta_z * (1 - a[j] ** 2)
        """
        from symgrad.code.ask import code_of_form

        return code_of_form(self, language)

    def magnitude(
        self,
        values: Mapping[str, Any],
        digits: int = 50,
        depth: int | None = None,
        indices: Mapping[str, int] | None = None,
    ) -> Any:
        """Return the derivative at values of the parameters as a Magnitude, or as an array of them.

        A gradient of 10^-4000 is this number, and not 0: enclosed to ``digits`` digits, and to more when they are
        asked for. Values, depth and indices as for ``evaluate``; the shape is that of ``evaluate`` in this layout.

        >>> import symgrad as sg
        >>> g = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]")
        >>> values = {"w": ["1/2"] * 4000, "b": [0] * 4000, "a[0]": "1/2"}
        >>> x = g.magnitude(values)
        >>> x.to(5), x.sign, x.log10().to(8)
        ('2.3845e-3648', 1, '-3647.6226')
        """
        from symgrad.numbers.magnitude.evaluated import magnitudes

        return magnitudes(self, values, digits, depth, indices, self.layout)

    def plot(self, depths: Iterable[int], values: Callable[[int], Mapping[str, Any]]) -> MagnitudePlot:
        """Return a plot of log10 abs(∂of/∂wrt), a number, against the depth, with what float formats cannot hold.

        values: the parameters at a depth, as for ``evaluate``. Each size is a Magnitude, so that none underflows; a
        band shows where a format has subnormal numbers only, and below it nothing. ``svg()`` and ``pdf()`` of what is
        returned need matplotlib. Raises ValuesError for an array, and where the derivative is 0.

        >>> import symgrad as sg
        >>> g = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]")
        >>> plot = g.plot((10, 100), lambda L: {"w": ["1/2"] * L, "b": [0] * L, "a[0]": "1/2"})
        >>> [(depth, round(size, 3)) for depth, size in plot.curves[0].points], [level.label for level in plot.levels]
        ([(10.0, -9.117), (100.0, -91.188)], ['fp16', 'bf16', 'fp32'])
        """
        from symgrad.api.magnitude_plot import magnitude_plot

        return magnitude_plot(self, depths, values)

    def draw(
        self,
        steps: int | None = None,
        notation: str | Notation = "nielsen",
        indices: Mapping[str, int] | None = None,
    ) -> Drawing:
        """Return a picture of the derivative: its paths through so many steps, on each arrow the factor it gives.

        Along a path the factors multiply, and parallel paths add; a factor that is no array is written as ∂y/∂x.
        indices: numbers for open indices, {"k": 1}. Raises SymgradError where no path leads from one to the other.

        >>> import symgrad as sg
        >>> drawing = sg.model("chain").derivative("C", "b[1]").draw(steps=2)
        >>> [f"{a.start} -> {a.end}" for a in drawing.arrows if a.marked]
        ['b[1] -> z[1]', 'z[1] -> a[1]', 'a[1] -> z[2]', 'z[2] -> a[2]', 'a[2] -> C']
        """
        from symgrad.draw.factors import draw_factors

        return draw_factors(self, self.depth or steps or 3, notation, self.layout, indices)

    def growth_rate(
        self,
        values: Mapping[str, Any],
        digits: int = 50,
        depth: int | None = None,
        indices: Mapping[str, int] | None = None,
    ) -> Magnitude:
        """Return (1/n) ln ‖∂of/∂wrt‖ at values, in the Frobenius norm, over the n layers between them.

        Below 0 the gradient vanishes with the depth, above it explodes. For the growth of a bound, and its limit,
        see ``Bound.growth``. Raises NotDefined for a derivative that is 0.

        >>> import symgrad as sg
        >>> g = sg.model("deep_linear").let("W[l] = 1.5*I").derivative("a[L]", "a[0]")
        >>> g.growth_rate({"a[0]": [1]}, depth=1000).to(10)  # ln 1.5
        '0.4054651081'
        """
        from symgrad.numbers.magnitude.evaluated import growth_rate

        return growth_rate(self, values, digits, depth, indices)

    def bound(self, *assumptions: str | Mapping[str, Any], norm: str = "spectral") -> Bound:
        """Return an upper bound of the derivative's norm under assumptions on the sizes of what it is made of.

        assumptions: "norm(W) <= lambda", "abs(w) <= 1", or {"W": "lambda", "sigma'": "1/4"}, for every layer; what has
        none stays as a letter, ‖W‖. norm: "spectral", "frobenius" or "infinity", of the Jacobian; of a number, its
        absolute value. The bound holds for all values that keep to the assumptions; docs/bounds.md has the rules.

        >>> import symgrad as sg
        >>> g = sg.model("rnn").derivative("s[t]", "s[k]")
        >>> g.bound("norm(W) <= lambda", "abs(sigma') <= gamma")
        (γ λ)^(t-k)
        >>> print(sg.model("rnn").bind("tanh").derivative("s[t]", "s[k]").bound("norm(W) <= 0.9").latex())
        0.9^{t-k}
        """
        from symgrad.api.bound import bounded

        return bounded(self, *assumptions, norm=norm)

    def enclose(
        self,
        box: Mapping[str, Any],
        width: float = 0.01,
        depth: int | None = None,
        indices: Mapping[str, int] | None = None,
        timeout: float | None = 60,
    ) -> Enclosure:
        """Return an interval that holds every value of the derivative over a box, for a model of scalars.

        box: "w": (-1, 1) for every layer, "w[2]": (0, 1) for one, "a[0]": 1 for a number. The interval is rigorous,
        and wider than the range by at most ``width`` of it; after ``timeout`` seconds it is the best so far, and
        says so (``complete`` is False). Raises ValuesError for a box that is empty, infinite or lacks a parameter.

        >>> import symgrad as sg
        >>> g = sg.model("chain").bind("logistic").derivative("a[L]", "a[0]")
        >>> range_ = g.enclose({"w": (-1, 1), "b": (-1, 1), "a[0]": (-1, 1)}, depth=4)
        >>> print(range_)
        [-0.00390625, 0.00390625]
        >>> 4**-4 in range_, range_.complete
        (True, True)
        """
        from symgrad.numbers.box.box import read_box
        from symgrad.numbers.box.enclose import enclose

        return enclose(read_box(self, box, depth, indices or {}), width, timeout)

    def verify(
        self,
        seed: int = 0,
        digits: int = 60,
        notation: Notation | str = "nielsen",
        form: str = "folded",
        pages: Mapping[str, str] | None = None,
        presentation: Presentation | None = None,
    ) -> Evidence:
        """Compare the closed form, and what is printed of it, with independent computations; return the evidence.

        The closed form is compared with backpropagation, tangents, float64 and SymPy. What is printed, in a notation
        and a form, is read back as text and as LaTeX and compared with backpropagation; or ``pages``, by format, are.
        presentation: how it is laid out, where that is not by its product.

        >>> import symgrad as sg
        >>> evidence = sg.model("chain").derivative("C", "b[1]").verify(seed=0)
        >>> evidence.verdict.name, str(evidence.checks[-1].verdict), evidence.checks[-1].method
        ('PROVED', 'SAMPLED', 'as printed')
        """
        from symgrad.api.printed.witness import check_printed
        from symgrad.evidence.verify import verify

        evidence = verify(self, seed=seed, digits=digits)
        printed = check_printed(presentation or self.presentation(notation, form), pages, seed, digits)
        return replace(evidence, checks=(*evidence.checks, printed))

    def __str__(self) -> str:
        page = self.presentation()
        where = "".join(f"\n  {display_text(d)}" for d in page.definitions())
        return math_text(page.right) + (f"\nwhere{where}" if where else "")

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """Show the page in a notebook."""
        from symgrad.api.notebook import page_html

        return page_html(self.presentation().document())

    def _repr_latex_(self) -> str:
        """Return the equation for a notebook: a display that MathJax typesets and LaTeX takes."""
        from symgrad.api.notebook import equations

        page = self.presentation()
        return equations([Display(page.left, page.right), *page.definitions()])


def _derived(equations: Any, of: str, wrt: str, depth: int | None, layout: str) -> Gradient:
    return again(equations).derivative(of, wrt, depth, layout)
