"""Tests of an author's own backpropagation: values and networks for Hypothesis, and an assertion that names the slip.

symgrad.testing.strategies   values(model, depth): numbers for a model's parameters; networks(): small networks
symgrad.testing.assertion    assert_gradient(model, "C", "W", my_backprop)

Hypothesis is no dependency of symgrad: pip install 'symgrad[testing]'.
"""

try:
    import hypothesis  # noqa: F401  # the reason why this package may be missing
except ImportError as error:
    raise ImportError("symgrad.testing needs Hypothesis: pip install 'symgrad[testing]'") from error

from symgrad.testing.assertion import assert_gradient
from symgrad.testing.strategies import networks, values

__all__ = ["assert_gradient", "networks", "values"]
