"""The gated recurrent unit: the update gate mixes the state before with a candidate."""

import symgrad as sg

SOURCE = (
    "K. Cho et al., Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine "
    "Translation (2014)"
)
ASSUMPTIONS = ("The gates are logistic and the candidate is tanh.", "The loss is differentiable.")


def build(layout: str = "numerator") -> sg.Derivation:
    """Return the derivation for any number of steps and any size of the state."""
    gru = sg.model("gru")
    draft = sg.Draft("A gated recurrent unit", SOURCE, ASSUMPTIONS, layout)
    whole = draft.include(gru.derive("h[t]", "h[k]"))
    draft.derives(
        gru,
        "E",
        "U_g",
        by="sum over time",
        premises=(whole,),
        because="The loss by the recurrent matrix of the candidate: it acts at every step.",
    )
    return draft.derivation()


ENTRY = sg.Entry(
    name="gru",
    title="A gated recurrent unit",
    source=SOURCE,
    model="gru",
    text=(
        "The update gate mixes the state before with a candidate. Where it is near 0 the Jacobian of one "
        "step is near the identity."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
