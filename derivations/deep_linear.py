"""The deep linear network, in which every layer is a matrix."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="deep_linear",
    title="A deep linear network",
    source=(
        "Vanishing / Exploding Gradients (Improving Deep Neural Networks, week 1), "
        "sections Mathematical Derivation, Case 1, Case 2 and General Intuition"
    ),
    model="deep_linear",
    notation="ng",
    text=(
        "With the identity as activation and no biases, the output is the product of all weight matrices, "
        "applied to the input. Equal multiples of the identity make that product a power."
    ),
    assumptions=("The activation is the identity.", "Every bias is 0."),
    derivatives=(
        Wanted("a[L]", "a[0]", text="The output by the input:"),
        Wanted("a[L]", "a[0]", let=("W[l] = lambda*I",), text="Every layer a multiple of the identity:"),
        Wanted("a[L]", "a[0]", 150, ("W[l] = 1.5*I",), "The exploding case, with 150 layers:"),
        Wanted("a[L]", "a[0]", 150, ("W[l] = 0.5*I",), "The vanishing case, with 150 layers:"),
        Wanted("C", "W[l]", text="The gradient by the weights of one layer:"),
    ),
)
