"""All gradients of a network of depth 1,000 at once: rigorous with 50 digits, and in float64 for a batch."""

from collections.abc import Iterator
from functools import partial
from time import process_time

import mpmath
import numpy as np

import symgrad as sg

from .pairs import Run, in_pairs
from .row import Row

DEPTH, BATCH, DIGITS = 1_000, 1_000, 50


def drawn(*shape: int, scale: float = 1) -> np.ndarray:
    """Return normal numbers."""
    return np.random.default_rng([*shape, round(scale * 64)]).normal(size=shape) * scale


def layers(activation: str, *shape: int) -> dict[str, np.ndarray]:
    """Return weights and biases near the w with w σ'(0) = 1, where no gradient leaves the range of float64.

    With weights drawn around 0 it underflows within the depth, and what is measured is how slow subnormal numbers are.
    """
    w, b = {"logistic": (4, -2), "tanh": (1, 0)}[activation]
    noise = w / 64
    return {"w": w + drawn(*shape, scale=noise), "b": b + drawn(*shape, scale=noise)}


# --- balls of 50 digits against mpmath ------------------------------------------------------------


def by_balls(model: sg.Model, w: list[float], b: list[float]):
    """Return all ∂C/∂b_j as balls, from floats."""
    values = {"w": w, "b": b, "a[0]": "1/3", "y": "1/2"}
    return model.gradients("C", "b", values, "ball", DIGITS)["b"]


def by_mpmath(w: list[float], b: list[float]):
    """Return all ∂C/∂b_j of the logistic chain as a person writes the loop; the errors are not tracked."""
    context = mpmath.MPContext()
    context.dps = DIGITS
    mpf, exp = context.mpf, context.exp
    weights, biases = [mpf(x) for x in w], [mpf(x) for x in b]
    a, outputs = mpf(1) / 3, []
    for w_j, b_j in zip(weights, biases, strict=True):
        a = 1 / (1 + exp(-(w_j * a + b_j)))
        outputs.append(a)
    delta, found = a - mpf(1) / 2, []
    for w_j, a in zip(reversed(weights), reversed(outputs), strict=True):
        delta *= a * (1 - a)
        found.append(delta)
        delta *= w_j
    return found[::-1]


def rigorous() -> Row:
    """Measure the bias gradients of the chain; the results must agree first."""
    model = sg.model("chain").bind("logistic", cost="quadratic")
    w, b = (x.tolist() for x in layers("logistic", DEPTH).values())
    for ball, x in zip(by_balls(model, w, b), by_mpmath(w, b), strict=True):
        assert mpmath.almosteq(mpmath.mpf(ball.mid().str(60, radius=False)), x, rel_eps=1e-12)
    pairs = in_pairs(partial(by_balls, model, w, b), partial(by_mpmath, w, b), 31, clock=process_time)
    backend = mpmath.libmp.BACKEND
    what = "all ∂C/∂b_j of the chain, depth 1,000, 50 digits, rigorous; CPU time"
    return Row(what, f"a loop in mpmath ({backend} integers), not rigorous", pairs, 3)


# --- float64 against PyTorch ----------------------------------------------------------------------


def chain_by_torch(activation: str, values: dict[str, np.ndarray]):
    """Return the eager computation of all parameters' gradients."""
    import torch

    sigma = getattr(torch, activation)
    w, b, a0, y = (torch.tensor(values[name], requires_grad=name in "wb") for name in ("w", "b", "a[0]", "y"))

    def run():
        w.grad = b.grad = None
        a = a0
        for w_j, b_j in zip(w.unbind(), b.unbind(), strict=True):
            a = sigma(w_j * a + b_j)
        (((a - y) ** 2).sum() / 2).backward()
        return {"w": w.grad.numpy(), "b": b.grad.numpy()}

    return run


def chain_by_numpy(values: dict[str, np.ndarray]):
    """Return the loop that a person writes for the logistic chain, with results in place; σ' = a (1 - a) cancels."""
    w, b, a0, y = (values[name] for name in ("w", "b", "a[0]", "y"))

    def run():
        a, outputs = a0, [a0]
        for w_j, b_j in zip(w, b, strict=True):
            z = w_j * a
            z += b_j
            np.exp(np.negative(z, out=z), out=z)
            z += 1
            a = np.reciprocal(z, out=z)
            outputs.append(a)
        g, by_w, by_b = a - y, np.empty_like(w), np.empty_like(b)
        for j in reversed(range(len(w))):
            a, delta = outputs[j + 1], by_b[j]
            np.subtract(1, a, out=delta)
            delta *= a
            delta *= g
            np.multiply(delta, outputs[j], out=by_w[j])
            g = delta * w[j]
        return {"w": by_w, "b": by_b}

    return run


def mlp_by_torch(activation: str, values: dict[str, np.ndarray]):
    """Return the eager computation for layers of a few neurons and one batch of inputs."""
    import torch

    sigma = getattr(torch, activation)
    W, b, a0, y = (torch.tensor(values[name], requires_grad=name in "Wb") for name in ("W", "b", "a[0]", "y"))

    def run():
        W.grad = b.grad = None
        a = a0
        for W_j, b_j in zip(W.unbind(), b.unbind(), strict=True):
            a = sigma(W_j @ a + b_j[:, None])
        (((a - y) ** 2).sum() / 2).backward()
        return {"W": W.grad.numpy(), "b": b.grad.numpy()}

    return run


TORCH = {"logistic": "sigmoid", "tanh": "tanh"}


def machine() -> Iterator[Row]:
    """Measure chains of 1,000 items each with parameters of its own, and of one set of parameters."""
    import torch

    default = torch.get_num_threads()
    for threads in dict.fromkeys((default, 1)):
        torch.set_num_threads(threads)
        peer = f"PyTorch eager, {threads} thread{'s' * (threads > 1)}"
        for sigma in TORCH:
            values = chain_values(sigma, (DEPTH, BATCH))
            yield _chain(sigma, values, chain_by_torch(TORCH[sigma], values), peer, 3)
        values = chain_values("logistic", (DEPTH, 1))
        yield _chain("logistic", values, chain_by_torch("sigmoid", values), peer, None)
        yield _mlp(4, peer)
    torch.set_num_threads(default)
    values = chain_values("logistic", (DEPTH, BATCH))
    yield _chain("logistic", values, chain_by_numpy(values), "a hand-written loop in NumPy", None)


def chain_values(sigma: str, shape: tuple[int, int]) -> dict[str, np.ndarray]:
    """Return the values of a batch; where shape is (depth, 1), all items have the same parameters."""
    return {**layers(sigma, *shape), "a[0]": drawn(BATCH), "y": drawn(BATCH, scale=0.5)}


def _chain(sigma: str, values: dict[str, np.ndarray], theirs: Run, peer: str, reach: float | None) -> Row:
    model = sg.model("chain").bind(sigma, cost="quadratic")
    own = values["w"].shape[1] > 1

    def ours():
        found = model.gradients("C", ["w", "b"], values, summed=True)
        return found if own else {name: x[:, None] for name, x in found.items()}

    _agree(ours(), theirs())
    whose = "parameters of its own for each item" if own else "one set of parameters"
    what = f"float64, chain with {sigma}, depth 1,000, batch 1,000, {whose}, all ∂C/∂w_j and ∂C/∂b_j"
    return Row(what, peer, in_pairs(ours, theirs, 31), reach)


def _mlp(width: int, peer: str) -> Row:
    model = sg.model("mlp").bind("tanh", cost="quadratic")
    parameters = {"W": drawn(DEPTH, width, width, scale=0.6), "b": drawn(DEPTH, width, scale=0.1)}
    values = {**parameters, "a[0]": drawn(width, BATCH), "y": drawn(width, BATCH, scale=0.5)}
    theirs = mlp_by_torch("tanh", values)

    def ours():
        return model.gradients("C", ["W", "b"], values, summed=True)

    _agree(ours(), theirs())
    what = (
        f"float64, mlp of width {width} with tanh, depth 1,000, batch 1,000, one set of parameters, "
        "all ∂C/∂W_l and ∂C/∂b_l"
    )
    return Row(what, peer, in_pairs(ours, theirs, 5))


def _agree(mine: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> None:
    for name, x in mine.items():
        assert np.all(abs(x - theirs[name]) <= 1e-6 * abs(x)), f"{name}: the two computations do not agree"
