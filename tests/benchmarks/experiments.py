"""The chapter's training, 500 epochs of batch gradient descent on 1,000 digits, against the same loop in PyTorch."""

from collections.abc import Iterator

import numpy as np

from symgrad.experiments import Data, read_data, train
from symgrad.experiments.perceptron import Perceptron

from .pairs import in_pairs
from .row import Row

IMAGES, EPOCHS, RATE, DECAY, SEED = 1_000, 500, 0.1, 1e-4, 0


def by_torch(hidden: tuple[int, ...], data: Data):
    """Return the loop with autograd, float64: cross-entropy of logistic outputs, the speeds recorded each epoch."""
    import torch
    from torch.nn.functional import binary_cross_entropy, linear

    start = Perceptron(hidden, data, "scaled", "cross_entropy", SEED)
    x, y = torch.tensor(data.images), torch.tensor(data.targets)

    def run():
        W = [torch.tensor(w, requires_grad=True) for w in start.weights]
        b = [torch.tensor(v, requires_grad=True) for v in start.biases]
        speeds = []
        for epoch in range(EPOCHS + 1):
            a = x
            for W_l, b_l in zip(W, b, strict=True):
                a = torch.sigmoid(linear(a, W_l, b_l))
            cost = binary_cross_entropy(a, y, reduction="sum") / len(x)
            gradients = torch.autograd.grad(cost, [*W, *b])
            by_W, by_b = gradients[: len(W)], gradients[len(W) :]
            speeds.append(tuple(g.norm().item() for g in by_b[:-1]))
            if epoch < EPOCHS:
                with torch.no_grad():
                    for W_l, b_l, g_W, g_b in zip(W, b, by_W, by_b, strict=True):
                        W_l.mul_(1 - RATE * DECAY).sub_(g_W, alpha=RATE)
                        b_l.sub_(g_b, alpha=RATE)
        return speeds

    return run


def rows() -> Iterator[Row]:
    """Measure networks of one to four hidden layers; the speeds of the last epoch must agree first."""
    import torch

    data, default = read_data().first(IMAGES), torch.get_num_threads()
    for threads in dict.fromkeys((default, 1)):
        torch.set_num_threads(threads)
        for hidden in ((30,), (30, 30), (30, 30, 30, 30)):

            def ours(hidden=hidden):
                return train(hidden, data, IMAGES, EPOCHS, seed=SEED, rate=RATE, decay=DECAY).speeds

            theirs = by_torch(hidden, data)
            assert np.allclose(ours()[-1], theirs()[-1], rtol=1e-6, atol=0), "the two loops do not agree"
            peer = f"the same loop in PyTorch, {threads} thread{'s' * (threads > 1)}"
            what = f"500 epochs on 1,000 digits, hidden layers {list(hidden)}"
            yield Row(what, peer, in_pairs(ours, theirs, 5))
    torch.set_num_threads(default)


if __name__ == "__main__":
    for row in rows():
        print(row.markdown(), flush=True)
