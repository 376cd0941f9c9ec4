"""A model with everything a user asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symgrad.errors import ModelError
from symgrad.network.built_in import builtin_names
from symgrad.network.network import Network
from symgrad.network.read import pickled, read_builtin, read_file, read_network

if TYPE_CHECKING:  # a model is read, listed and shown without derivatives and numbers
    from symgrad.api.backward import BackwardEquations
    from symgrad.api.check import GradientCheck
    from symgrad.api.derivation import Derivation
    from symgrad.api.gradient import Gradient
    from symgrad.api.hessian import Hessian
    from symgrad.api.hessian_vector import HessianVector
    from symgrad.draw.drawing import Drawing
    from symgrad.export.notation import Notation
    from symgrad.network.meaning import Meaning


class Model(Network):
    """The equations of a network, and the derivatives that follow from them.

    >>> import symgrad as sg
    >>> sg.parse("a[j] = sigma(w*a[j-1])\\nC = cost(a[L])").derivative("C", "a[0]", depth=2)
    w σ'(w a_0) w σ'(w a_1) ∂C/∂a_2
    """

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle a model as its equations, which are read again."""
        return pickled(self)

    def __repr__(self) -> str:
        bound = ", ".join(f"{name}={record}" for name, record in self.bindings)
        return f"<model {self.name!r}{f', {bound}' if bound else ''}: {'; '.join(self.text.splitlines())[:200]}>"

    def _repr_pretty_(self, page: Any, cycle: bool) -> None:
        """Show a model in IPython and in Hypothesis by its repr, and not field by field."""
        page.text(repr(self))

    def _repr_html_(self) -> str:
        """Show the equations in a notebook, and in a fold what every name was taken for."""
        from symgrad.api.notebook import model_html

        return model_html(self)

    def _repr_latex_(self) -> str:
        """Show the equations in LaTeX."""
        from symgrad.api.notebook import equations
        from symgrad.export.equations import network_document
        from symgrad.export.math import Display
        from symgrad.export.notation import notation

        parts = network_document(self, notation("nielsen")).parts
        return equations(p for p in parts if isinstance(p, Display))

    def derivative(self, of: str, wrt: str, depth: int | None = None, layout: str = "numerator") -> Gradient:
        """Return ∂of/∂wrt, total, in closed form; with ``depth`` omitted the depth stays symbolic.

        of, wrt: quantities of the model, "C", "W", "b[1]", "s[t]", or entries of them, "p[i]", "W[1,2]", "h[t][i]", of
        which letters stand for every place. The result is an exact expression.
        Raises UnknownName, IndexRangeError or ModelError for a quantity that the model does not have.

        >>> import symgrad as sg
        >>> print(sg.model("chain").derivative("C", "b[1]", depth=4))
        σ'(z_1) w_2 σ'(z_2) w_3 σ'(z_3) w_4 σ'(z_4) ∂C/∂a_4
        """
        from symgrad.api.gradient import Gradient
        from symgrad.calculus.closed_form import derive
        from symgrad.calculus.layout_name import check_layout
        from symgrad.network.asked import asked

        x, y = asked(self, of, "--of"), asked(self, wrt, "--wrt")
        form = derive(self, x.quantity, y.quantity, depth)
        if x.places or y.places:
            from symgrad.api.entry import entry_gradient

            return entry_gradient(form, x, y, check_layout(layout))
        return Gradient(**vars(form), layout=check_layout(layout))

    def hessian(self, of: str, wrt: str, again: str | None = None, layout: str = "numerator") -> Hessian:
        """Return ∂²of/∂wrt∂again of a number, a row for each entry of ``wrt``; ``again`` is ``wrt`` where left out.

        The gradient is derived by the same engine once more: σ'' is the slope of σ'. Known slopes are written out.
        Raises as ``derivative``, and NotDefined for a recurrence, and for a second derivative by a matrix.

        >>> import symgrad as sg
        >>> logistic = sg.parse("X: (m, n)\\nw: (n,)\\nt: (m,)\\nmu = logistic(X@w)\\n"
        ...                     "L = -sum(t*log(mu) + (1 - t)*log(1 - mu))")
        >>> logistic.hessian("L", "w")
        Xᵀ diag(μ ⊙ (1 - μ)) X
        """
        from symgrad.api.hessian import hessian
        from symgrad.calculus.layout_name import check_layout

        return hessian(self, of, wrt, again or wrt, check_layout(layout))

    def derive(self, of: str, wrt: str, depth: int | None = None, layout: str = "numerator") -> Derivation:
        """Return the steps that lead to ∂of/∂wrt, the same computation that gives ``derivative``.

        The steps are not checked: ``.checked(seed)`` returns them with their evidence. Raises as ``derivative``.

        >>> import symgrad as sg
        >>> d = sg.model("rnn").derive("s[t]", "s[k]").checked()
        >>> print(d.verdict, *dict.fromkeys(step.rule.name for step in d.steps), sep=", ")
        PROVED, definition, elementwise function, linear term, chain rule, substitution, product over layers
        """
        from symgrad.api.derivation import Derivation
        from symgrad.calculus.closed_form import closed_form
        from symgrad.calculus.layout_name import check_layout
        from symgrad.derivation.derive import derivation

        form = closed_form(self, of, wrt, depth)
        steps = vars(derivation(self, form.of, form.wrt, depth))
        return Derivation(**{**steps, "layout": check_layout(layout)})

    def backward(
        self, of: str, wrt: Iterable[str] | str | None = None, depth: int | None = None, detail: str = "folded"
    ) -> BackwardEquations:
        """Return the backward equations of a number: δ_l by δ_{l+1}, from the last step to the first, and gradients.

        wrt: names as those of ``gradients``, "W" for every layer, "W[1]" for one; every parameter where it is left
        out. Each derivative has the shape of what it is by. detail: "folded" keeps σ', "unfolded" writes it out.
        Raises as ``derivative``, and NotDefined where ``of`` is no number.

        >>> import symgrad as sg
        >>> print(sg.model("rnn").backward("E", "W"))
        δ_t = ∂E/∂s_t ⊙ σ'(a_t)
        δ_j = (Wᵀ δ_{j+1}) ⊙ σ'(a_j)  for j = t-1, …, 1
        ∂E/∂W = ∑_{j=1}^{t} δ_j s_{j-1}ᵀ
        """
        from symgrad.api.backward import BackwardEquations
        from symgrad.calculus.equations.written import backward_pass

        return BackwardEquations(**vars(backward_pass(self, of, wrt, depth, detail)), form=detail)

    def hvp(
        self, of: str, wrt: Iterable[str] | str | None = None, depth: int | None = None, detail: str = "folded"
    ) -> HessianVector:
        """Return the product of the Hessian of a number with a direction, as equations: R{δ_l} by R{δ_{l+1}}.

        wrt: the parameters that change along the direction, "W", "b", and by which the product is a gradient again;
        every parameter where it is left out. A dot marks the derivative along the direction. detail: as of
        ``backward``. Raises as ``backward``, and NotDefined where a second derivative cannot be written.

        >>> import symgrad as sg
        >>> print(sg.model("deep_linear").bind(cost="quadratic").hvp("C", "W"))
        a_dot_0 = 0
        a_dot_l = W_dot_l a_{l-1} + W_l a_dot_{l-1}  for l = 1, …, L
        δ_L = a_L - y
        δ_l = W_{l+1}ᵀ δ_{l+1}  for l = L-1, …, 1
        δ_dot_L = a_dot_L
        δ_dot_l = W_dot_{l+1}ᵀ δ_{l+1} + W_{l+1}ᵀ δ_dot_{l+1}  for l = L-1, …, 1
        ∂C_dot/∂W_l = δ_dot_l a_{l-1}ᵀ + δ_l a_dot_{l-1}ᵀ  for l = 1, …, L
        """
        from symgrad.api.hessian_vector import HessianVector
        from symgrad.calculus.hessian_vector import hessian_vector

        return HessianVector(**vars(hessian_vector(self, of, wrt, depth, detail)), form=detail)

    def meanings(self) -> tuple[Meaning, ...]:
        """Return every name of the model, and what it was taken for; ``notes`` has what may be a misreading.

        >>> import symgrad as sg
        >>> print(*sg.parse("h[t] = phi(wh[t-1])").meanings(), sep="\\n")
        h[t]: intermediate, defined at each step, scalar
        wh[t]: parameter or input, one for each step, scalar
        phi: function, elementwise, left open
        t: index, of the steps, 1 to L
        L: depth, the last step
        >>> sg.parse("h[t] = phi(wh[t-1])").notes
        ('wh[t-1] was read as a parameter; did you mean w*h[t-1]?',)
        """
        from symgrad.network.meaning import meanings

        return meanings(self)

    def gradients(
        self,
        of: str,
        wrt: Iterable[str] | None = None,
        values: Mapping[str, Any] | None = None,
        arithmetic: str = "float",
        digits: int | None = None,
        depth: int | None = None,
        summed: bool = False,
    ) -> dict[str, Any]:
        """Return the gradients of one number by many quantities, in one sweep: {"w": ∂of/∂w, ...}.

        With the error δ_j = ∂C/∂z_j of the chain, ∂C/∂b_j = δ_j, ∂C/∂w_j = a_{j-1} δ_j, and
        δ_{j-1} = w_j σ'(z_{j-1}) δ_j: reverse accumulation, whose cost is that of a few evaluations of ``of``.

        wrt: names as those of ``values``, every parameter where it is left out; also what the equations define,
        as "z". Each gradient has the shape of its quantity (the denominator layout), the layers on the first
        axis (a list where their shapes differ) and a batch on the last; with ``summed``, the gradient by a parameter
        that all items of a batch share is the sum over them, Σ_i δ_i a_iᵀ. Arithmetics and errors as ``evaluate``.

        >>> import symgrad as sg
        >>> net = sg.model("chain").bind("identity", cost="quadratic")
        >>> values = {"w": [2, 3], "b": [0, 1], "a[0]": 1, "y": 6}
        >>> net.gradients("C", ["w", "b", "a[0]"], values, "exact")
        {'w': array([3, 2], dtype=object), 'b': array([3, 1], dtype=object), 'a[0]': 6}
        """
        from symgrad.calculus.gradients import gradients

        return gradients(self, of, wrt, values or {}, arithmetic, digits, depth, summed)

    def code(
        self,
        language: str = "numpy",
        of: str | None = None,
        wrt: Iterable[str] | str | None = None,
        depth: int | None = None,
    ) -> str:
        """Return a program for a number and its gradients, or for an array and its Jacobians, with a self-test.

        language: "numpy", "jax", "torch" or "julia"; docs/code.md has what each does. of: the one number that nothing
        reads, where it is left out; wrt: every parameter. A function that is left open is an argument of the program.
        Raises as ``backward``, and NotDefined for what is not written as code.

        >>> import symgrad as sg
        >>> text = sg.model("mlp").bind("tanh", cost="quadratic").code()
        >>> print(*[line.strip() for line in text.splitlines() if "delta_z = vecmat" in line])
        delta_z = vecmat(delta_z, W[l + 1]) * (1 - a[l] ** 2)
        """
        from symgrad.code.ask import code_of

        return code_of(self, language, of, wrt, depth)

    def check(
        self,
        of: str,
        wrt: str,
        values: Mapping[str, Any],
        gradient: Any,
        depth: int | None = None,
        layout: str = "numerator",
    ) -> GradientCheck:
        """Judge an array that is meant to be ∂of/∂wrt at values: it is, or which slip gives just these numbers.

        gradient: an array in the shape of ``wrt``, with the layers on its first axis, a list of arrays, or arrays by
        name, {"W[1]": ...}; of a vector ``of`` a Jacobian in ``layout``. Entries are compared in balls, each relative
        to itself: rounding is allowed what it explains, at the precision of the array, and nothing else is.
        Raises as ``gradients``, and ValuesError for an array of another shape.

        >>> import symgrad as sg
        >>> net = sg.model("chain").bind("identity", cost="quadratic")
        >>> values = {"w": [2, 3], "b": [0, 1], "a[0]": 1, "y": 6}
        >>> print(net.check("C", "w", values, [3, 2]))
        SAMPLED  it is ∂C/∂w at these values: all 2 entries agree, relative to each
        >>> print(net.check("C", "w", values, [-3, -2]))
        REFUTED  it is not ∂C/∂w: 2 of 2 entries differ
          w[1] is -3.00000000000, and should be 3.00000000000
          the sign is wrong: it is -1 times the derivative
        """
        from symgrad.api.check import check_gradient

        return check_gradient(self, of, wrt, values, gradient, depth, layout)

    def draw(
        self,
        steps: int | None = None,
        start: str | None = None,
        end: str | None = None,
        notation: str | Notation = "nielsen",
        view: str | None = None,
        ends: Mapping[str, int] | None = None,
    ) -> Drawing:
        """Return a picture: x → y where the equation of y reads x, for so many steps; paths from start to end marked.

        view: "equations", "units", where an activation shares a circle with what it is of, "neurons", a circle for each
        entry of a vector, or "cell", the operations of one step. ends: sizes, {"n": 4, "n[1]": 5}. ``svg()``,
        ``tikz()``, ``typst()`` and ``pdf()`` of what is returned write it; a notebook shows it. Raises SymgradError
        for a network too large for a page, and for a quantity that the drawing does not have.

        >>> model("rnn").draw(steps=2).svg().startswith("<svg")
        True
        """
        from symgrad.draw.network import draw

        return draw(self, steps, start, end, notation, view, ends)

    def bind(self, /, activation: str | None = None, cost: str | None = None, **functions: str) -> Model:
        """Return the model with opaque functions bound: ``bind("tanh", cost="quadratic", phi="relu")``.

        ``activation`` binds the one opaque elementwise function, ``cost`` the one opaque scalar function.

        >>> import symgrad as sg
        >>> g = sg.model("chain").bind("tanh", cost="quadratic").derivative("C", "b[1]", depth=1)
        >>> float(g.evaluate({"w": [1], "b": [0], "a[0]": 0, "y": 1}))
        -1.0
        """
        from symgrad.network.functions import opaque

        bindings = dict(self.bindings)
        for record, kind, argument in ((activation, "function", "activation"), (cost, "scalar", "cost")):
            if record is not None:
                bindings[self._only_opaque(kind, argument, record)] = record
        known = {op.name for op in opaque(self).values()}
        for name, record in functions.items():
            if name not in known and name not in bindings:
                raise ModelError(
                    f"{name} is not an opaque function of this model",
                    todo=f"bind one of: {', '.join(sorted(known)) or 'there is none'}",
                )
            bindings[name] = record
        return read_network(self.text, self.name, tuple(bindings.items()), self.forms, kind=Model)

    def let(self, *forms: str) -> Model:
        """Return the model with parameters replaced: ``let("W[l] = 1.5*I")``.

        >>> import symgrad as sg
        >>> print(sg.model("deep_linear").let("W[l] = lambda*I").derivative("a[L]", "a[0]"))
        λ^L I
        """
        return read_network(self.text, self.name, self.bindings, (*self.forms, *forms), kind=Model)

    def _only_opaque(self, kind: str, argument: str, record: str) -> str:
        from symgrad.network.functions import opaque

        if argument in opaque(self) or argument in dict(self.bindings):
            return argument  # a function that is called cost, beside one that is called loss
        names = [op.name for op in opaque(self).values() if op.kind == kind]
        names = names or [n for n, _ in self.bindings if kind == self.functions[n].kind]
        if len(names) != 1:
            raise self._not_one(kind, argument, record, names)
        return names[0]

    def _not_one(self, kind: str, argument: str, record: str, names: list[str]) -> ModelError:
        """Return the error for a record that is given where none, or more than one, function is left open."""
        from symgrad.network.functions import called

        if names:
            what = f"{argument} {record!r} has no single function to bind: {', '.join(names)} are left open"
            return ModelError(what, todo=f"name it: {names[0]}={record}")
        given = ", ".join(sorted({op.name for op in called(self).values() if op.kind == kind}))
        what = f"{argument} {record!r} has nothing to bind: "
        what += f"the equations call {given}, which is not left open" if given else "no function is left open"
        call = "sigma(z)" if kind == "function" else "loss(a)"
        return ModelError(what, todo=f"call a function that is left open in the equations, as {call}")


def model(name: str) -> Model:
    """Return a built-in model by its name, as ``models`` lists them. Raises UnknownName.

    >>> import symgrad as sg
    >>> sg.model("chain").depth_symbol
    'L'
    """
    return read_builtin(name, kind=Model)


def models() -> list[str]:
    """Return the names of the built-in models.

    >>> models()
    ['attention', 'batch_mlp', 'chain', 'conv1d', 'deep_linear', 'gru', 'layer_norm_mlp', 'lstm', 'mlp', ...]
    """
    return builtin_names()


def parse(text: str, name: str = "equations") -> Model:
    """Return the model that equations define; docs/language.md has the language.

    Raises ReadError, which points at what is wrong, ShapeError or ModelError.

    >>> print(parse("a[j] = tanh(w[j]*a[j-1])\\nC = cost(a[L])").derivative("C", "w[1]", depth=1))
    a_0 tanh'(w_1 a_0) ∂C/∂a_1
    """
    return read_network(text, name, kind=Model)


def read(path: str | Path) -> Model:
    """Return the model of a ``.eq`` file, whose text is as for ``parse``. Raises as ``parse``, and for the file.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as directory:
    ...     path = Path(directory, "square.eq")
    ...     _ = path.write_text("C = x**2")
    ...     print(read(path).derivative("C", "x"))
    2 x
    """
    return read_file(Path(path), kind=Model)
