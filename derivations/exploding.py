"""A chain whose gradient grows: weights of 100, and biases that keep every neuron where σ is steepest."""

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, the section What's causing the vanishing gradient "
    "problem?, the paragraph The exploding gradient problem"
)
LOGISTIC = {"sigma": "logistic"}


def build(depth: int = 4, weight: int = 100) -> sg.Derivation:
    """Return the derivation for a chain of ``depth`` neurons with one weight for all."""
    if not 1 <= depth <= 1000 or not 1 <= weight <= 10**6:
        raise sg.SymgradError(
            f"{depth} neurons with the weight {weight}", todo="choose a depth of 1 to 1000, and a weight of 1 to 10^6"
        )
    chain = sg.model("chain")
    kept = f"σ is the logistic function; all weights are {weight}; the biases keep every weighted input at 0."
    draft = sg.Draft("A gradient that explodes", SOURCE, (kept,))
    _biases(draft, chain, weight)
    factor = _factor(draft, weight)
    _gradients(draft, chain, depth, weight, factor)
    draft.figure(_by_layer(depth, weight))
    return draft.derivation()


def _biases(draft: sg.Draft, chain: sg.Model, weight: int) -> None:
    """Solve z_j = 0 for the biases, from the first neuron on."""
    draft.section("Biases that keep every weighted input at 0")
    weighted = draft.defines(chain, "z", "The weighted input is to be 0 in every neuron.")
    neuron = draft.defines(chain, "a", "What a neuron puts out is σ of it.")
    first = draft.states(
        f"{weight}*a_0 + (-{weight}*a_0) = 0",
        because=f"The first bias takes back what the input brings: b_1 = -{weight} a_0, whatever the input is.",
        premises=(weighted,),
    )
    output = draft.states(
        "sigma(0) = 1/2",
        by="exact arithmetic",
        because="A neuron whose weighted input is 0 gives 1/2, so each later neuron has the input 1/2.",
        premises=(neuron, first),
        functions=LOGISTIC,
    )
    draft.states(
        f"{weight}*(1/2) + (-{weight}/2) = 0",
        by="exact arithmetic",
        because=f"All the other biases are therefore -{weight // 2 if weight % 2 == 0 else f'{weight}/2'}.",
        premises=(output,),
    )


def _factor(draft: sg.Draft, weight: int) -> int:
    draft.section("Every factor is the same")
    return draft.states(
        f"{weight}*sigma'(0) = {weight}/4",
        by="exact arithmetic",
        because="At 0 the slope is 1/4, the greatest that it can be.",
        functions=LOGISTIC,
    )


def _gradients(draft: sg.Draft, chain: sg.Model, depth: int, weight: int, factor: int) -> None:
    draft.section("The gradient of each layer against the last")
    last = draft.derives(chain, "C", "b[L]", because="The bias of the last neuron has one factor.")
    general = draft.derives(
        chain,
        "z[L]",
        "b[k]",
        by="product over layers",
        because="What the bias of neuron k has besides: the gradient of neuron k is this times that of the last.",
        premises=(last,),
    )
    ratio = draft.states(
        f"({weight}*sigma'(0))**(L - k) = ({weight}/4)**(L - k)",
        by="substitution",
        because="With L - k equal factors.",
        premises=(factor, general),
        functions=LOGISTIC,
    )
    for k in range(depth - 1, 0, -1):
        times = draft.states(
            f"({weight}/4)**{depth - k} = {sg.power(f'{weight}/4', depth - k).exact}",
            by="exact arithmetic",
            because=f"With {depth} neurons: the gradient of neuron {k} against that of the last.",
            premises=(ratio,),
        )
    if weight > 4:
        draft.tends(
            f"({weight}/4)**n",
            "n",
            "oo",
            "oo",
            because="With more layers between them there is no bound.",
            premises=(times if depth > 1 else ratio,),
        )


def _by_layer(depth: int, weight: int) -> sg.Plot:
    sizes = tuple((float(k), (weight / 4) ** (depth - k)) for k in range(1, depth + 1))
    return sg.Plot(
        name="exploding-chain",
        caption=f"The gradient of each of {depth} neurons, against that of the last; every weight is {weight}.",
        x_label="neuron $k$",
        y_label=r"$\frac{\partial C}{\partial b_k} \,/\, \frac{\partial C}{\partial b_L}$",
        curves=(sg.Curve("", sizes),),
        log=True,
    )


ENTRY = sg.Entry(
    name="exploding",
    title="A gradient that explodes",
    source=SOURCE,
    text=(
        "Large weights alone do not make the gradient large, because they push the weighted inputs to where σ is flat. "
        "With biases that hold every weighted input at 0 they do."
    ),
    build=build,
)
