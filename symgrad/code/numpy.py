"""NumPy's spelling; `m` is the module, so that JAX and PyTorch change what they must."""

from __future__ import annotations

from symgrad.code.backend import Backend

SAME = ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs", "sign"]
FUNCTIONS = {name: f"{{m}}.{name}({{}})" for name in SAME} | {
    "atan": "{m}.arctan({})",
    "erf": "erf({})",
    "erfc": "erfc({})",
    "relu": "{m}.maximum({}, 0)",
    "negative_part": "{m}.minimum({}, 0)",
    "step": "1.0 * ({} > 0)",
    "minimum": "{m}.minimum({}, {})",
    "maximum": "{m}.maximum({}, {})",
    "logistic": "logistic({})",
    "softplus": "{m}.logaddexp(0, {})",
    "softmax": "softmax({})",
    "logsumexp": "logsumexp({})",
    "neg_log_softmax": "neg_log_softmax({})",
    "softmax_error": "softmax_error({}, {})",
    "largest": "{}.max(-1)",
    "at_largest": "at_largest({})",
    "where": "{m}.where({}, {}, {})",
    "swap": "{m}.swapaxes({}, -1, -2)",
    "eye": "{m}.eye({})",
    "ones": "{m}.ones({})",
    "zeros": "{m}.zeros({})",
    "inv": "{m}.linalg.inv({})",
    "det": "{m}.linalg.det({})",
    "logdet": "{m}.linalg.slogdet({})[1]",
    "expm": "expm({})",
    "diagonal": "{m}.diagonal({}, axis1=-2, axis2=-1)",
    "stack": "stacked({})",
    "stopped": "{}",
}

MATVEC = '''\
def matvec(A, x):
    """A x of each item."""
    return x @ A.T if A.ndim == 2 else (A @ x[..., None])[..., 0]'''
VECMAT = '''\
def vecmat(x, A):
    """Transposed A times x, of each item."""
    return x @ A if A.ndim == 2 else (x[..., None, :] @ A)[..., 0, :]'''
LIKE = '''\
def like(g, p):
    """A gradient in the shape of its parameter: summed over the items that share it."""
    extra = np.ndim(g) - np.ndim(p)
    if extra > 0 and np.ndim(p) == 1:
        return np.ones(g.size // g.shape[-1]) @ g.reshape(-1, g.shape[-1])
    return g.sum(tuple(range(extra))) if extra > 0 else np.broadcast_to(g, np.shape(p))'''
OUTER_LIKE = '''\
def outer_like(x, y, p):
    """x y^T of each item, summed over the items that share the matrix p."""
    if p.ndim == 2 and x.ndim == y.ndim:
        return x.reshape(-1, x.shape[-1]).T @ y.reshape(-1, y.shape[-1])
    return like(x[..., :, None] * y[..., None, :], p)'''
OUTER_SUM = '''\
def outer_sum(x, y, p):
    """The sum over the first axis of x y^T of each item, also over the items where they share the matrix p."""
    if p.ndim == 2 and x.shape[:-1] == y.shape[:-1]:
        return x.reshape(-1, x.shape[-1]).T @ y.reshape(-1, y.shape[-1])
    return like(np.einsum("t...i,t...j->...ij", x, y), p)'''
STACKED = '''\
def stacked(steps):
    """Arrays, one for each step, as one array."""
    steps = [np.asarray(x) for x in steps]
    return np.stack(steps if len({x.shape for x in steps}) == 1 else np.broadcast_arrays(*steps))'''
JOINED = '''\
def joined(parts, axis, rank):
    """Arrays of this rank put together along an axis, for each item."""
    front = np.broadcast_shapes(*(x.shape[: x.ndim - rank] for x in parts))
    return np.concatenate([np.broadcast_to(x, front + x.shape[x.ndim - rank :]) for x in parts], axis)'''
KRON = '''\
def kron(x, y):
    """The Kronecker product of each item."""
    found = x[..., :, None, :, None] * y[..., None, :, None, :]
    (m, p, n, q) = found.shape[-4:]
    return found.reshape(found.shape[:-4] + (m * p, n * q))'''
LOGISTIC = '''\
def logistic(x):
    """1 / (1 + e^-x)."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))'''
SOFTMAX = '''\
def softmax(x):
    """e^x_i / sum_k e^x_k of each row."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)'''
LOGSUMEXP = '''\
def logsumexp(x):
    """ln sum_k e^x_k of each row."""
    top = x.max(-1)
    return top + np.log(np.exp(x - top[..., None]).sum(-1))'''
NEG_LOG_SOFTMAX = '''\
def neg_log_softmax(x):
    """-ln softmax(x) of each row."""
    return logsumexp(x)[..., None] - x'''
SOFTMAX_ERROR = '''\
def softmax_error(x, y):
    """softmax(x) sum_k y_k - y of each row."""
    return y.sum(-1)[..., None] * softmax(x) - y'''
AT_LARGEST = '''\
def at_largest(x):
    """1 at the first largest entry of each row, 0 elsewhere."""
    return 1.0 * (np.arange(x.shape[-1]) == x.argmax(-1)[..., None])'''
ERF = '''\
def erf(x):
    """The error function."""
    return np.vectorize(math.erf, otypes=[float])(x)'''
ERFC = '''\
def erfc(x):
    """1 - erf(x)."""
    return np.vectorize(math.erfc, otypes=[float])(x)'''
EXPM = '''\
def expm(x):
    """e^x of a square matrix."""
    from scipy.linalg import expm

    return expm(x)'''

HELPERS = {
    "matvec": MATVEC,
    "vecmat": VECMAT,
    "outer_like": OUTER_LIKE,
    "outer_sum": OUTER_SUM,
    "like": LIKE,
    "stacked": STACKED,
    "joined": JOINED,
    "kron": KRON,
    "logistic": LOGISTIC,
    "softmax_error": SOFTMAX_ERROR,
    "neg_log_softmax": NEG_LOG_SOFTMAX,
    "softmax": SOFTMAX,
    "logsumexp": LOGSUMEXP,
    "at_largest": AT_LARGEST,
    "erf": ERF,
    "erfc": ERFC,
    "expm": EXPM,
}

NUMPY = Backend(
    "numpy",
    "np",
    ("import math", "", "import numpy as np"),
    FUNCTIONS,
    HELPERS,
    array="np.asarray({}, dtype=float)",
    each="np.asarray",
)
