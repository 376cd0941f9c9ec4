"""How a network is trained: what a run is given besides its layers, its data and its seed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from symgrad.errors import ValuesError


@dataclass(frozen=True)
class Descent:
    """Gradient descent. rate: η. decay: λ/n of the regularisation. Raises ValuesError where it would not descend."""

    epochs: int
    initialisation: str
    cost: str
    rate: float
    decay: float

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ValuesError(f"{self.epochs} epochs", todo="give 1 or more")
        if not 0 < self.rate < math.inf:
            raise ValuesError(f"a learning rate of {self.rate}", todo="give a number above 0")
        if not 0 <= self.decay * self.rate < 1:
            todo = "give λ/n, from 0 to less than 1/η"
            raise ValuesError(f"a decay of {self.decay} at the rate {self.rate}", todo=todo)


@dataclass(frozen=True)
class MiniBatches(Descent):
    """Stochastic gradient descent, by so many images at a time."""

    batch: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.batch < 1:
            raise ValuesError(f"batches of {self.batch} images", todo="give 1 or more")
