"""The activation functions of deep networks, one record each, in three files."""

from __future__ import annotations

from symgrad.ops.gated import GATED
from symgrad.ops.rectifier import RECTIFIERS
from symgrad.ops.saturating import SATURATING

ACTIVATIONS = (*SATURATING, *RECTIFIERS, *GATED)
