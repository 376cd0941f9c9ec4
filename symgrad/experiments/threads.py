"""One thread for BLAS: products of matrices of 30 rows are done sooner by one, and then in the same order anywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def one_thread(f: Callable[P, R]) -> Callable[P, R]:
    """Return f with BLAS held to one thread while it runs, where threadpoolctl is installed."""

    @wraps(f)
    def held(*arguments: P.args, **options: P.kwargs) -> R:
        with _limit():
            return f(*arguments, **options)

    return held


def _limit() -> AbstractContextManager[Any]:
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    return threadpool_limits(limits=1, user_api="blas")
