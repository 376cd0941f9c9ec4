"""The recurrent network, whose parameters are shared by all time steps."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="rnn",
    title="A recurrent network",
    source=(
        "P. Khurana, Vanishing and Exploding Gradients (16 July 2019), after the Deep Learning course of "
        "padhai.onefourthlabs.in, section Taking a closer look at the derivative wrt W"
    ),
    model="rnn",
    notation="rnn",
    text=(
        "The loss at time t depends on W through every state before it: one path for each time step. Each "
        "path runs through a product of Jacobians, one for each step from where it enters to t."
    ),
    assumptions=("σ acts elementwise.", "σ and the loss are differentiable."),
    derivatives=(
        Wanted("s[j]", "s[j-1]", text="One step:"),
        Wanted("s[t]", "s[k]", text="A state by an earlier one:"),
        Wanted("s[4]", "s[1]", depth=4, text="From the first state to the fourth there are three steps:"),
        Wanted("E", "W", text="The loss by the shared matrix is a sum over the time steps:"),
        Wanted("E", "U", text="The loss by the matrix of the inputs:"),
        Wanted("E", "b", text="The loss by the bias:"),
    ),
)
