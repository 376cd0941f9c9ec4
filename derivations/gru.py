"""The gated recurrent unit."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="gru",
    title="A gated recurrent unit",
    source=(
        "K. Cho et al., Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine "
        "Translation (2014)"
    ),
    model="gru",
    text=(
        "The update gate mixes the state before with a candidate. Where it is near 0 the Jacobian of one "
        "step is near the identity."
    ),
    assumptions=("The gates are logistic and the candidate is tanh.", "The loss is differentiable."),
    derivatives=(
        Wanted("h[t]", "h[k]", text="A hidden state by an earlier one:"),
        Wanted("E", "U_g", text="The loss by the recurrent matrix of the candidate:"),
    ),
)
