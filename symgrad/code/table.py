"""The libraries that programs are written for, by name."""

from __future__ import annotations

from symgrad.code.backend import Backend
from symgrad.code.jax import JAX
from symgrad.code.julia import JULIA
from symgrad.code.numpy import NUMPY
from symgrad.code.torch import TORCH
from symgrad.errors import UnknownName

BACKENDS = {b.name: b for b in (NUMPY, JAX, TORCH, JULIA)}


def backend(name: str) -> Backend:
    """Return the library of this name.

    >>> backend("numpy").module
    'np'
    """
    if name not in BACKENDS:
        raise UnknownName("language of code", name, BACKENDS)
    return BACKENDS[name]
