"""Long short-term memory: two states, the cell and the hidden state."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="lstm",
    title="Long short-term memory",
    source=(
        "S. Hochreiter, J. Schmidhuber, Long Short-Term Memory (1997), with the forget gate of F. Gers, "
        "J. Schmidhuber, F. Cummins, Learning to Forget (2000)"
    ),
    model="lstm",
    text=(
        "The state has two parts, so the Jacobian of one step has four blocks. The block from cell to cell "
        "is diagonal and holds the forget gate alone: along it a gradient shrinks only as far as the gate "
        "closes."
    ),
    assumptions=("The gates are logistic and the candidate is tanh.", "The loss is differentiable."),
    derivatives=(
        Wanted("h[t]", "h[k]", text="A hidden state by an earlier one:"),
        Wanted("E", "b_f", text="The loss by the bias of the forget gate:"),
        Wanted("E", "U_f", text="The loss by the recurrent matrix of the forget gate:"),
    ),
)
