"""The chain network: one neuron in each layer."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="chain",
    title="One neuron in each layer",
    source=(
        "M. Nielsen, Neural Networks and Deep Learning, chapter 5, "
        "section What's causing the vanishing gradient problem?, equations 120 to 122"
    ),
    model="chain",
    text=(
        "Each neuron on the path from a bias to the cost contributes a factor σ', each weight on it a "
        "factor of its own, and the cost the last one: the network is a mnemonic for the expression."
    ),
    assumptions=("σ and the cost are differentiable.",),
    derivatives=(
        Wanted("C", "b[1]", depth=4, text="With four neurons (equation 122):"),
        Wanted("C", "b[3]", depth=4, text="The same for the third bias shares its last factors with the first:"),
        Wanted("C", "b[1]", text="At any depth:"),
        Wanted("C", "w[k]", text="A weight multiplies the activation that comes into it:"),
    ),
)
