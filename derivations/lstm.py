"""Long short-term memory: the path along the cell, and all four blocks of the Jacobian of one step."""

import symgrad as sg

SOURCE = (
    "S. Hochreiter, J. Schmidhuber, Long Short-Term Memory (1997), with the forget gate of F. Gers, "
    "J. Schmidhuber, F. Cummins, Learning to Forget (2000)"
)
ASSUMPTIONS = ("The gates are logistic and the candidate is tanh.", "The loss is differentiable.")
CELL = """
# The cell alone: what the gates let through is given
f[j]: (d,)
i[j]: (d,)
g[j]: (d,)
c[0]: (d,)
c[j] = f[j]*c[j-1] + i[j]*g[j]
"""


def build(layout: str = "numerator") -> sg.Derivation:
    """Return the derivation for any number of steps and any size of the state."""
    lstm = sg.model("lstm")
    draft = sg.Draft("Long short-term memory", SOURCE, ASSUMPTIONS, layout)
    _cell(draft)
    draft.section("All paths: the Jacobian of one step has four blocks")
    whole = draft.include(lstm.derive("h[t]", "h[k]"))
    draft.derives(
        lstm,
        "c[t]",
        "c[k]",
        by="product over layers",
        premises=(whole,),
        because="From cell to cell: the path along the cell is one of many.",
    )
    draft.section("The gradients of the forget gate")
    for name, what in (("b_f", "its bias"), ("U_f", "its recurrent matrix")):
        draft.derives(
            lstm,
            "E",
            name,
            by="sum over time",
            because=f"The loss by {what}: it acts at every step.",
            premises=(whole,),
        )
    return draft.derivation()


def _cell(draft: sg.Draft) -> None:
    draft.section("Along the cell")
    cell = sg.parse(CELL, "cell")
    state = draft.defines(cell, "c", "With the gates held fixed, the cell is kept as far as the forget gate f is open.")
    step = draft.derives(cell, "c[j]", "c[j-1]", by="linear term", because="One step.", premises=(state,))
    path = draft.derives(
        cell,
        "c[t]",
        "c[k]",
        by="product over layers",
        premises=(step,),
        because="From time k to time t the forget gates multiply, entry by entry, without a matrix or a slope.",
    )
    draft.states(
        "logistic(z) < 1",
        by="bound on the slope",
        because="A gate is never quite open, so the path cannot explode;",
        premises=(path,),
    )
    draft.bounds(
        cell,
        "c[t]",
        "c[k]",
        "r**(t - k)",
        {"f": "r"},
        premises=(path,),
        because="it shrinks as the gates close: with all of them at most r,",
    )
    draft.tends(
        "logistic(z)",
        "z",
        "oo",
        "1",
        premises=(path,),
        because="and nearly nothing is lost where they are nearly open, however many steps there are.",
    )


ENTRY = sg.Entry(
    name="lstm",
    title="Long short-term memory",
    source=SOURCE,
    model="lstm",
    text=(
        "The state has two parts, so the Jacobian of one step has four blocks. The block from cell to cell "
        "is diagonal and holds the forget gate alone: along it a gradient shrinks only as far as the gate "
        "closes."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
