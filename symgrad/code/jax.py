"""JAX's spelling: what differs from NumPy."""

from __future__ import annotations

from symgrad.code import numpy
from symgrad.code.backend import Backend

FUNCTIONS = numpy.FUNCTIONS | {
    "erf": "jax.scipy.special.erf({})",
    "erfc": "jax.scipy.special.erfc({})",
    "logistic": "jax.nn.sigmoid({})",
    "softplus": "jax.nn.softplus({})",
    "relu": "jnp.maximum({}, 0)",
    "softmax": "jax.nn.softmax({}, axis=-1)",
    "logsumexp": "jax.nn.logsumexp({}, axis=-1)",
    "neg_log_softmax": "-jax.nn.log_softmax({}, axis=-1)",
    "expm": "jax.scipy.linalg.expm({})",
}
ITERATED = '''\
def iterated(step, start, steps, reverse=False):
    """lax.scan, its start broadcast to the shape that the steps give it."""
    one, shapes = jax.ShapeDtypeStruct((), steps.dtype), None
    while shapes != jax.tree.map(jnp.shape, start):
        shapes = jax.tree.map(jnp.shape, start)
        after = jax.eval_shape(lambda s, k: step(s, k)[0], start, one)
        start = jax.tree.map(lambda x, y: jnp.broadcast_to(x, y.shape).astype(y.dtype), start, after)
    return lax.scan(step, start, steps, reverse=reverse)'''
EXTENDED = '''\
def extended(first, steps, last=False):
    """An array of steps with one more before them, or behind them."""
    one = jnp.broadcast_to(first, steps.shape[1:])[None]
    return jnp.concatenate([steps, one] if last else [one, steps])'''
REPLACED = {
    name: source.replace("np.", "jnp.")
    for name, source in numpy.HELPERS.items()
    if name not in ("erf", "erfc", "logistic", "softmax", "logsumexp", "neg_log_softmax", "expm")
}
HELPERS = REPLACED | {
    "matvec": numpy.MATVEC.replace("return x @ A.T", "return A @ x if x.ndim == 1 else x @ A.T"),
    "softmax_error": numpy.SOFTMAX_ERROR.replace("softmax(x) -", "jax.nn.softmax(x, axis=-1) -"),
    "iterated": ITERATED,
    "extended": EXTENDED,
}

JAX = Backend(
    "jax",
    "jnp",
    ("import math", "", "import jax", "import jax.numpy as jnp", "from jax import lax"),
    FUNCTIONS,
    HELPERS,
    array="jnp.asarray({})",
    each="jnp.asarray",
    before_check=('jax.config.update("jax_enable_x64", True)',),
    scans=True,
)
