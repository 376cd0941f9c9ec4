"""The residual chain: an identity skip around each neuron."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="residual",
    title="A residual chain",
    source=(
        "Vanishing / Exploding Gradients (Improving Deep Neural Networks, week 1), section Real-World Context, "
        "which names ResNet-152; skips after K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for "
        "Image Recognition (2016)"
    ),
    model="residual",
    text=(
        "A skip adds an identity to the Jacobian of each layer. Where σ' is small a factor is close to 1 "
        "and no longer close to 0: the product need not vanish."
    ),
    assumptions=("σ and the cost are differentiable.",),
    derivatives=(
        Wanted("C", "b[1]", text="At any depth:"),
        Wanted("C", "b[1]", depth=3, text="With three neurons:"),
        Wanted("C", "w[k]", text="The gradient by a weight:"),
    ),
)
