"""float64 on one thread: evaluation beside the code that symgrad writes, and that code beside PyTorch and JAX.

``python -m tests.benchmarks.float_code`` measures in a process of its own: one processor, one thread for every library.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import process_time

from .row import HEAD, Row

STEPS, WIDTH, DEPTH, BATCH = 1_000, 128, 1_000, 1_000
ALONE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
LEFT_OUT = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings of BLAS for one machine: no library gets them."""


def section() -> list[str]:
    """Return the two sections of the page, measured in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if k not in LEFT_OUT} | ALONE
    command = [sys.executable, "-m", "tests.benchmarks.float_code", "here"]
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip("\n"))
            print(lines[-1], flush=True)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return lines


def measure() -> None:
    """Print the sections, row by row."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    import jax
    import torch

    torch.set_num_threads(1)
    jax.config.update("jax_enable_x64", True)
    said = "float64, one thread and one processor for each library; CPU time; what JAX compiles is compiled ahead."
    for title, rows in (("Float evaluation", evaluation()), ("Generated code", generated())):
        print(f"## {title}\n\n{said}\n\n{HEAD}", flush=True)
        for found in rows:
            print(found.markdown(), flush=True)
        print(flush=True)


def run(text: str) -> Callable:
    """Return the function ``gradients`` of a program that symgrad wrote."""
    space: dict = {"__name__": "program"}
    exec(compile(text, "program", "exec"), space)
    return space["gradients"]


# --- networks -------------------------------------------------------------------------------------


def rnn():
    """Return the model of a recurrent network with tanh, and values at which its Jacobian stays in range."""
    import numpy as np

    import symgrad as sg

    draw = np.random.default_rng(0).normal
    shapes = {"W": (WIDTH, WIDTH), "U": (WIDTH, 4), "b": (WIDTH,), "x": (STEPS, 4), "s[0]": (WIDTH,)}
    values = {name: draw(size=shape) * (1.3 / WIDTH**0.5 if name == "W" else 0.1) for name, shape in shapes.items()}
    text = sg.model("rnn").text.replace("loss(s[t])", "sum(s[t]**2)/2")
    return sg.parse(text, "rnn").bind(sigma="tanh"), values


def rnn_by_numpy(v):
    """Return the Jacobian ∂s_t/∂s_0 as a person writes the loop."""
    import numpy as np

    def jacobian():
        s, states = v["s[0]"], []
        for x in v["x"]:
            s = np.tanh(v["U"] @ x + v["W"] @ s + v["b"])
            states.append(s)
        J = np.eye(WIDTH)
        for s in states:
            J = (1 - s**2)[:, None] * (v["W"] @ J)
        return J

    return jacobian


def rnn_by_jax():
    """Return the last state of the network as a function for JAX."""
    import jax.numpy as jnp
    from jax import lax

    def last(W, U, b, x, s):
        return lax.scan(lambda s, x: (jnp.tanh(U @ x + W @ s + b), None), s, x)[0]

    return last


def chain(sigma: str, items: int):
    """Return the chain and its values; where items is 1, one set of parameters for the batch."""
    import symgrad as sg

    from .all_gradients import chain_values

    return sg.model("chain").bind(sigma, cost="quadratic"), chain_values(sigma, (DEPTH, items))


def chain_by_jax(sigma: str):
    """Return the cost of a chain as a function for JAX."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    f = {"tanh": jnp.tanh, "logistic": jax.nn.sigmoid}[sigma]

    def cost(w, b, a, y):
        a = lax.scan(lambda a, p: (f(p[0] * a + p[1]), None), a, (w, b))[0]
        return ((a - y) ** 2).sum() / 2

    return cost


def mlp(width: int):
    """Return the layers of a few neurons, and the values of a batch."""
    import symgrad as sg

    from .all_gradients import drawn

    values = {"W": drawn(DEPTH, width, width, scale=0.6), "b": drawn(DEPTH, width, scale=0.1)}
    values |= {"a[0]": drawn(width, BATCH), "y": drawn(width, BATCH, scale=0.5)}
    return sg.model("mlp").bind("tanh", cost="quadratic"), values


# --- rows -----------------------------------------------------------------------------------------


def row(what: str, peer: str, ours, theirs, reach: float | None = 1, rounds: int = 11, inverse: bool = False) -> Row:
    """Measure two computations in turn, whose results must agree first."""
    import numpy as np

    from .pairs import in_pairs

    for x, y in zip(_flat(ours()), _flat(theirs()), strict=True):
        x, y = np.asarray(x), np.asarray(y)
        assert x.shape == y.shape, (what, x.shape, y.shape)
        assert np.all(abs(x - y) <= 1e-6 * abs(y).max()), f"{what}: the two computations do not agree"
    return Row(what, peer, in_pairs(ours, theirs, rounds, clock=process_time), reach, inverse)


def _flat(found) -> list:
    return list(found) if isinstance(found, tuple | list) else [found]


RNN = f"∂s_t/∂s_0 of an RNN with tanh, {STEPS:,} steps, {WIDTH} neurons"
CHAIN = "chain with {}, depth 1,000, batch 1,000, {}, all ∂C/∂w_j and ∂C/∂b_j"
MLP = "mlp of width 4 with tanh, depth 1,000, batch 1,000, all ∂C/∂W_l and ∂C/∂b_l"
PARAMETERS = {BATCH: "parameters of its own for each item", 1: "one set of parameters"}


def evaluation() -> Iterator[Row]:
    """Measure ``evaluate`` and ``gradients`` beside the code that symgrad writes, NumPy, JAX and PyTorch."""
    import jax

    from .all_gradients import mlp_by_torch

    generated_code = "its generated NumPy code"
    model, v = rnn()
    ours = partial(model.derivative("s[t]", "s[0]").evaluate, v)
    yield row(RNN, "a hand-written loop in NumPy", ours, rnn_by_numpy(v), 1.2, inverse=True)
    yield row(RNN, generated_code, ours, rnn_code(model, v), 1.2, inverse=True)
    jacobian = jax.jit(jax.jacrev(rnn_by_jax(), argnums=4))
    yield row(RNN, "`jax.jacrev` under `jit`", ours, ready(jacobian, *_given(v)))
    for sigma in ("logistic", "tanh"):
        for items in (BATCH, 1):
            model, values = chain(sigma, items)
            what, theirs = CHAIN.format(sigma, PARAMETERS[items]), chain_code(model, values, "numpy")
            yield row(what, generated_code, gradients(model, "wb", values), theirs, 1.2, inverse=True)
    model, values = chain("tanh", 1)
    one = {name: x[:, 0] if name in "wb" else float(x[0]) for name, x in values.items()}
    code = partial(run(model.code("numpy", "C", "b[1]")), one["w"], one["b"], one["y"], one["a[0]"])
    what, ours = "∂C/∂b_1 of one chain with tanh, depth 1,000", partial(model.derivative("C", "b[1]").evaluate, one)
    yield row(what, generated_code, ours, lambda: code()[1]["b[1]"], 1.2, inverse=True)
    model, values = mlp(4)
    ours = gradients(model, "Wb", values)
    yield row(MLP, generated_code, ours, mlp_code(model, values), 1.2, inverse=True)
    yield row(MLP, "PyTorch eager", ours, picked("Wb", mlp_by_torch("tanh", values)))


def generated() -> Iterator[Row]:
    """Measure programs for NumPy beside PyTorch, and for JAX beside ``jax.grad``."""
    import jax

    from .all_gradients import TORCH, chain_by_torch, mlp_by_torch

    model, v = rnn()
    yield row(f"NumPy: {RNN}", "a hand-written loop in NumPy", rnn_code(model, v), rnn_by_numpy(v), 0.9)
    chains = [(sigma, items, *chain(sigma, items)) for sigma in TORCH for items in (BATCH, 1)]
    for sigma, items, net, values in chains:
        theirs = picked("wb", chain_by_torch(TORCH[sigma], values))
        what = f"NumPy: {CHAIN.format(sigma, PARAMETERS[items])}"
        yield row(what, "PyTorch eager", chain_code(net, values, "numpy"), theirs)
    net, values = mlp(4)
    yield row(f"NumPy: {MLP}", "PyTorch eager", mlp_code(net, values), picked("Wb", mlp_by_torch("tanh", values)))
    for sigma, items, net, values in chains:
        grad = jax.jit(jax.grad(chain_by_jax(sigma), argnums=(0, 1)))
        theirs = ready(grad, *[_flat_items(values[name]) for name in "wb"], values["a[0]"], values["y"])
        what = f"JAX: {CHAIN.format(sigma, PARAMETERS[items])}"
        yield row(what, "`jax.grad`", chain_code(net, values, "jax"), theirs)
    yield from _rnn_by_jax(model, v)


def _rnn_by_jax(model, v) -> Iterator[Row]:
    """Measure the programs of a recurrent network for JAX: the gradient of a loss, the Jacobian of the last state."""
    import jax

    last = rnn_by_jax()
    own = (v["U"], v["x"], v["W"], v["b"], v["s[0]"])
    grad = jax.jit(jax.grad(lambda *p: (last(*p) ** 2).sum() / 2, argnums=(0, 1, 2)))
    code = ready(jax.jit(run(model.code("jax", "E", ["W", "U", "b"]))), *own)
    what = f"JAX: ∂E/∂W, ∂E/∂U, ∂E/∂b of an RNN with tanh, {STEPS:,} steps, {WIDTH} neurons"
    yield row(what, "`jax.grad`", lambda: _picked(code()[1], "WUb"), ready(grad, *_given(v)))
    jacobian = ready(jax.jit(run(model.code("jax", "s[t]", "s[0]"))), *own)
    theirs = ready(jax.jit(jax.jacrev(last, argnums=4)), *_given(v))
    yield row(f"JAX: {RNN}", "`jax.jacrev`", lambda: jacobian()[1]["s[0]"], theirs)


def _given(v) -> list:
    return [v[name] for name in ("W", "U", "b", "x", "s[0]")]


def ready(f, *x) -> Callable:
    """Return the call of a function of JAX, with what it gives computed."""
    import jax

    return lambda: jax.block_until_ready(f(*x))


def gradients(model, names: str, values) -> Callable:
    """Return the call of symgrad's gradients, summed over the items that share a parameter."""
    return lambda: _picked(model.gradients("C", list(names), values, summed=True), names)


def picked(names: str, run_: Callable) -> Callable:
    """Return a run of which these results are taken, one set of parameters without an axis for the items."""
    return lambda: [_flat_items(x) if names == "wb" else x for x in _picked(run_(), names)]


def rnn_code(model, v) -> Callable:
    """Return the call of the NumPy program of the Jacobian."""
    code = run(model.code("numpy", "s[t]", "s[0]"))
    return lambda: code(v["U"], v["x"], v["W"], v["b"], v["s[0]"])[1]["s[0]"]


def _flat_items(x):
    return x[:, 0].copy() if x.shape[-1] == 1 else x


def _picked(found, names: str) -> list:
    return [found[name] for name in names]


def chain_code(model, values, language: str):
    """Return the program of the chain's gradients at the values of a batch."""
    import jax

    code = run(model.code(language, "C", ["w", "b"]))
    w, b = (_flat_items(values[name]) for name in "wb")
    if language == "jax":
        code = jax.jit(code)
    return lambda: _picked(jax.block_until_ready(code(w, b, values["y"], values["a[0]"]))[1], "wb")


def mlp_code(model, values):
    """Return the NumPy program of the network's gradients; its items lie in front."""
    import numpy as np

    code = run(model.code("numpy", "C", ["W", "b"]))
    a, y = (np.ascontiguousarray(values[name].T) for name in ("a[0]", "y"))
    return lambda: [np.array(x) for x in _picked(code(values["W"], values["b"], y, a)[1], "Wb")]


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["here"] else section()
