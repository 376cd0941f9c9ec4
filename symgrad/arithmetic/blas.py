"""Products of float64 matrices, with the under- and overflows that BLAS does not report.

BLAS shares the work of large products among threads, and NumPy reads the flags of its own thread alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symgrad.arithmetic.events import signal_overflow, signal_underflow

TINY = np.finfo(np.float64).tiny
SHARED_BY_VECTOR, SHARED = 4096, 65_536
"""Multiplications below which BLAS starts no threads: matrix times vector, matrix times matrix."""


def product(x: Any, y: Any) -> Any:
    """Return x y as numpy's ``@`` has it.

    It underflows where Σ_k |x_ik| |y_kj| is below the normal numbers and not 0; what cancels to 0 has lost nothing.
    """
    found = np.matmul(x, y)
    thin = x.ndim == 1 or y.ndim == 1 or y.shape[-1] == 1
    if found.size * x.shape[-1] >= (SHARED_BY_VECTOR if thin else SHARED):
        size = np.abs(found)
        if not (np.minimum.reduce(size, axis=None) >= TINY and np.maximum.reduce(size, axis=None) < np.inf):
            _report(x, y, size)
    return found


def _report(x: Any, y: Any, size: Any) -> None:
    if not np.isfinite(size).all() and np.isfinite(x).all() and np.isfinite(y).all():
        signal_overflow()
    small = size < TINY
    if small.any():
        terms = np.matmul(np.abs(x), np.abs(y))
        read = np.matmul((x != 0).astype(np.float64), (y != 0).astype(np.float64))
        if (small & (terms < TINY) & (read > 0)).any():
            signal_underflow()
