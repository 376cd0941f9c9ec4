"""The elementary functions, as records; the formulas are those of the DLMF (https://dlmf.nist.gov)."""

from __future__ import annotations

from typing import Any

from symgrad.ops.moments import OF_ERF, OF_SINE
from symgrad.ops.record import Elementwise


def _two_over_root_pi(A: Any) -> Any:
    return 2 / A.sqrt(A.pi)


ELEMENTARY = (
    Elementwise(
        "exp",
        value=lambda A, x: A.exp(x),
        slope=lambda A, x: A.exp(x),
        slope_of_output=lambda A, y: y,
        latex=r"\exp",
        source="DLMF 4.7(ii)",
    ),
    Elementwise(
        "expm1",
        value=lambda A, x: A.expm1(x),
        slope=lambda A, x: A.exp(x),
        slope_of_output=lambda A, y: 1 + y,
        source="DLMF 4.7(ii)",
    ),
    Elementwise(
        "log",
        value=lambda A, x: A.log(x),
        slope=lambda A, x: 1 / x,
        latex=r"\ln",
        text="ln",
        aliases=("ln",),
        domain="x > 0",
        source="DLMF 4.7(i)",
    ),
    Elementwise(
        "log1p",
        value=lambda A, x: A.log1p(x),
        slope=lambda A, x: 1 / (1 + x),
        domain="x > -1",
        source="DLMF 4.7(i)",
    ),
    Elementwise(
        "sqrt",
        value=lambda A, x: A.sqrt(x),
        slope=lambda A, x: 1 / (2 * A.sqrt(x)),
        slope_of_output=lambda A, y: 1 / (2 * y),
        domain="x > 0",
        source="DLMF 4.7(iii)",
    ),
    Elementwise(
        "sin",
        value=lambda A, x: A.sin(x),
        slope=lambda A, x: A.cos(x),
        latex=r"\sin",
        source="DLMF 4.20",
        parity="odd",
        moments=OF_SINE,
    ),
    Elementwise(
        "cos",
        value=lambda A, x: A.cos(x),
        slope=lambda A, x: -A.sin(x),
        latex=r"\cos",
        source="DLMF 4.20",
        parity="even",
    ),
    Elementwise(
        "tan",
        value=lambda A, x: A.tan(x),
        slope=lambda A, x: 1 + A.tan(x) ** 2,
        slope_of_output=lambda A, y: 1 + y**2,
        latex=r"\tan",
        domain="x is not an odd multiple of pi/2",
        source="DLMF 4.20",
        parity="odd",
    ),
    Elementwise(
        "atan",
        value=lambda A, x: A.atan(x),
        slope=lambda A, x: 1 / (1 + x**2),
        latex=r"\arctan",
        text="arctan",
        aliases=("arctan",),
        source="DLMF 4.24(ii)",
        parity="odd",
    ),
    Elementwise(
        "sinh",
        value=lambda A, x: A.sinh(x),
        slope=lambda A, x: A.cosh(x),
        latex=r"\sinh",
        source="DLMF 4.34",
        parity="odd",
    ),
    Elementwise(
        "cosh",
        value=lambda A, x: A.cosh(x),
        slope=lambda A, x: A.sinh(x),
        latex=r"\cosh",
        source="DLMF 4.34",
        parity="even",
    ),
    Elementwise(
        "erf",
        value=lambda A, x: A.erf(x),
        slope=lambda A, x: _two_over_root_pi(A) * A.exp(-(x**2)),
        source="DLMF 7.2(i)",
        parity="odd",
        moments=OF_ERF,
        critical="pi*sqrt(1 + 4*q)/4",
    ),
    Elementwise(
        "erfc",
        value=lambda A, x: A.erfc(x),
        slope=lambda A, x: -_two_over_root_pi(A) * A.exp(-(x**2)),
        source="DLMF 7.2(i)",
    ),
    Elementwise(
        "abs",
        value=lambda A, x: A.abs(x),
        slope=lambda A, x: A.sign(x),
        kink="slope 0 at 0",
        source="PyTorch's convention at the kink",
        parity="even",
    ),
    Elementwise(
        "sign",
        value=lambda A, x: A.sign(x),
        slope=lambda A, x: A.zeros_like(x),
        slope_of_output=lambda A, y: A.zeros_like(y),
        kink="slope 0 at 0, where it jumps",
        source="PyTorch's convention at the jump",
        parity="odd",
    ),
    Elementwise(
        "step",
        value=lambda A, x: A.step(x),
        slope=lambda A, x: A.zeros_like(x),
        slope_of_output=lambda A, y: A.zeros_like(y),
        kink="value 0 and slope 0 at 0, where it jumps",
        source="Heaviside's function; PyTorch's convention at the jump",
    ),
    Elementwise(
        "negative_part",
        value=lambda A, x: A.negative_part(x),
        slope=lambda A, x: 1 - A.step(x),
        kink="slope 1 at 0, so that relu' + negative_part' = 1",
    ),
)
