"""The functions that equations call, by one of three libraries that differentiate: HIPS autograd, PyTorch, JAX.

Each is written once, in the names of NumPy; a library says what stands behind these names, and how it differentiates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy


@dataclass(frozen=True)
class Library:
    """np: what has NumPy's names. gradient(f, x): of a number f(x), as an array. constant(x): x, not differentiated."""

    name: str
    np: Any
    gradient: Callable[[Callable[[Any], Any], Any], Any]
    constant: Callable[[Any], Any]

    def array(self, x: Any) -> Any:
        """Return numbers as an array of the library."""
        return self.np.array(numpy.array(x, dtype=float))

    def family(self, shift: int) -> Callable[..., Any]:
        """Return what stands for an open function in a check: a square of a sum of sines and squares."""
        np = self.np

        def value(*xs: Any) -> Any:
            total = sum(np.sum(np.sin(1 + shift + 2 * i + x) + x**2 / 3) for i, x in enumerate(xs))
            return total + total**2 / 7

        return value

    @cached_property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by the names that equations call."""
        np = self.np

        def along(f: Callable[..., Any]) -> Callable[..., Any]:
            return lambda x, axis=None, keepdims=False: f(x, axis=axis, keepdims=bool(keepdims))

        def norm(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
            return np.sqrt(np.sum(x**2, axis=axis, keepdims=keepdims))

        def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
            return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))

        def softmax(x: Any, axis: int = -1) -> Any:
            e = np.exp(x)
            return e / np.sum(e, axis=axis, keepdims=True)

        def expm(a: Any) -> Any:
            term = total = np.eye(len(a))
            for n in range(1, 40):
                term = term @ a / n
                total = total + term
            return total

        def power(a: Any, k: float) -> Any:
            found = np.eye(len(a))
            for _ in range(int(k)):
                found = found @ a
            return found

        def extreme(two: Callable[..., Any], one: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *x, **options: two(*x) if len(x) == 2 else one(*x, **options)

        def logistic(x: Any) -> Any:
            return 1 / (1 + np.exp(-x))

        return {
            "exp": np.exp,
            "log": np.log,
            "sqrt": np.sqrt,
            "tanh": np.tanh,
            "logistic": logistic,
            "relu": lambda x: np.maximum(x, 0),
            "leaky_relu": lambda x, a=0.01: np.where(x > 0, x, a * x),
            "silu": lambda x: x * logistic(x),
            "softmax": softmax,
            "logsumexp": logsumexp,
            "sum": along(np.sum),
            "mean": along(np.mean),
            "var": along(np.var),
            "std": lambda x, axis=None, keepdims=False: np.sqrt(np.var(x, axis=axis, keepdims=bool(keepdims))),
            "norm": norm,
            "max": extreme(np.maximum, along(np.max)),
            "min": extreme(np.minimum, along(np.min)),
            "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
            "where": np.where,
            "outer": np.outer,
            "tr": np.trace,
            "det": np.linalg.det,
            "logdet": lambda a: np.linalg.slogdet(a)[1],
            "inv": np.linalg.inv,
            "diag": np.diag,
            "matrix_power": power,
            "expm": expm,
            "layer_norm": lambda x: (
                (x - np.mean(x, axis=-1, keepdims=True)) / np.sqrt(np.var(x, axis=-1, keepdims=True))
            ),
            "softmax_cross_entropy": lambda a, y: -np.sum(y * np.log(softmax(a)), axis=-1),
            "stop_gradient": self.constant,
        }


def autograd() -> Library:
    """Return HIPS autograd."""
    import autograd
    import autograd.numpy
    from autograd.tracer import getval

    return Library("autograd", autograd.numpy, lambda f, x: autograd.grad(f)(x), getval)


def jax() -> Library:
    """Return JAX, in double precision."""
    import jax
    import jax.numpy

    jax.config.update("jax_enable_x64", True)
    return Library("JAX", jax.numpy, lambda f, x: numpy.array(jax.grad(f)(x)), jax.lax.stop_gradient)


def pytorch() -> Library:
    """Return PyTorch under the names of NumPy, in double precision."""
    import torch

    def tensor(x: Any) -> Any:
        return x if isinstance(x, torch.Tensor) else torch.tensor(numpy.array(x, dtype=float))

    def of_tensors(f: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *xs: f(*map(tensor, xs))

    def along(f: Callable[..., Any]) -> Callable[..., Any]:
        def value(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
            x = tensor(x)
            return f(x) if axis is None else f(x, dim=axis, keepdim=keepdims)

        return value

    def variance(x: Any, **options: Any) -> Any:
        return torch.var(x, correction=0, **options)

    def gradient(f: Callable[[Any], Any], x: Any) -> Any:
        x = x.clone().requires_grad_(True)
        (found,) = torch.autograd.grad(f(x), x, allow_unused=True)
        return numpy.zeros(x.shape) if found is None else found.numpy()

    np = SimpleNamespace(
        **{name: of_tensors(getattr(torch, name)) for name in ("exp", "log", "sqrt", "tanh", "sin", "where", "outer")},
        **{name: of_tensors(getattr(torch, name)) for name in ("maximum", "minimum", "trace", "diag")},
        **{name: along(getattr(torch, name)) for name in ("sum", "mean")},
        max=along(torch.amax),
        min=along(torch.amin),
        var=along(variance),
        array=tensor,
        eye=lambda n: torch.eye(n, dtype=torch.float64),
        transpose=lambda x: tensor(x).T if tensor(x).ndim > 1 else tensor(x),
        prod=lambda xs: torch.prod(torch.stack([tensor(x) for x in xs]), dim=0),
        linalg=torch.linalg,
    )
    return Library("PyTorch", np, gradient, lambda x: x.detach() if isinstance(x, torch.Tensor) else x)
