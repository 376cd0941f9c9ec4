"""PyTorch's spelling: what differs from NumPy."""

from __future__ import annotations

from symgrad.code import numpy
from symgrad.code.backend import Backend

FUNCTIONS = numpy.FUNCTIONS | {
    "atan": "torch.atan({})",
    "erf": "torch.erf({})",
    "erfc": "torch.erfc({})",
    "relu": "torch.relu({})",
    "negative_part": "torch.clamp({}, max=0)",
    "minimum": "least({}, {})",
    "maximum": "greatest({}, {})",
    "logistic": "torch.sigmoid({})",
    "softplus": "softplus({})",
    "softmax": "torch.softmax({}, -1)",
    "logsumexp": "torch.logsumexp({}, -1)",
    "neg_log_softmax": "-torch.log_softmax({}, -1)",
    "largest": "{}.amax(-1)",
    "swap": "{}.mT",
    "eye": "torch.eye({}, dtype=torch.get_default_dtype())",
    "ones": "torch.ones({})",
    "expm": "torch.linalg.matrix_exp({})",
    "diagonal": "torch.diagonal({}, dim1=-2, dim2=-1)",
}
HELPERS = {
    name: source.replace("np.asarray", "torch.as_tensor").replace("np.", "torch.")
    for name, source in numpy.HELPERS.items()
    if name not in ("erf", "erfc", "logistic", "softmax", "logsumexp", "neg_log_softmax", "expm")
} | {
    "softmax_error": numpy.SOFTMAX_ERROR.replace("softmax(x) -", "torch.softmax(x, -1) -"),
    "like": '''\
def like(g, p):
    """A gradient in the shape of its parameter: summed over the items that share it."""
    g = torch.as_tensor(g, dtype=p.dtype)
    extra = g.ndim - p.ndim
    return g.sum(tuple(range(extra))) if extra > 0 else g.expand(p.shape)''',
    "stacked": '''\
def stacked(steps):
    """Tensors, one for each step, as one tensor."""
    return torch.stack(torch.broadcast_tensors(*steps))''',
    "least": '''\
def least(x, y):
    """The lesser of two, entry by entry."""
    return torch.where(x < y, x, y)''',
    "greatest": '''\
def greatest(x, y):
    """The greater of two, entry by entry."""
    return torch.where(x > y, x, y)''',
    "softplus": '''\
def softplus(x):
    """ln(1 + e^x)."""
    return torch.logaddexp(torch.zeros_like(x), x)''',
}

TORCH = Backend(
    "torch",
    "torch",
    ("import math", "", "import torch"),
    FUNCTIONS,
    HELPERS,
    array="torch.as_tensor({})",
    each="torch.as_tensor",
    before_check=("torch.set_default_dtype(torch.float64)",),
)
