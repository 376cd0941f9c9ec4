"""What the chapter prints: M. Nielsen, Neural Networks and Deep Learning (2015), chapter 5, on MNIST.

It says neither how the weights were drawn nor which cost the networks had; each number is of one draw.
"""

from __future__ import annotations

NETWORKS: tuple[tuple[int, ...], ...] = tuple((30,) * depth for depth in (1, 2, 3, 4))
"""The sizes of the hidden layers of its four networks."""

SPEEDS: dict[tuple[int, ...], tuple[float, ...]] = {
    (30, 30): (0.07, 0.31),
    (30, 30, 30): (0.012, 0.060, 0.283),
    (30, 30, 30, 30): (0.003, 0.017, 0.070, 0.285),
}
"""‖δ^l‖ of each hidden layer at the start; it gives none for one hidden layer."""

ACCURACIES: dict[tuple[int, ...], float] = {
    (30,): 0.9648,
    (30, 30): 0.9690,
    (30, 30, 30): 0.9657,
    (30, 30, 30, 30): 0.9653,
}
"""Accuracy on the validation data after 30 epochs."""

IMAGES, EPOCHS = 1_000, 500
"""Of the runs by batch gradient descent."""
RATE, BATCH, BATCH_EPOCHS = 0.1, 10, 30
"""Of the runs by mini-batches: η, the size of a batch, and the number of epochs."""
REGULARISATION = 5.0
"""λ."""
DECAY = REGULARISATION / IMAGES
BATCH_DECAY = REGULARISATION / 50_000
"""λ/n, for the n images that are trained with: by batch gradient descent, and by mini-batches."""
SLOWDOWN = 100
"""How much slower than the last hidden layer the first of four learns, "roughly", in 500 epochs."""
