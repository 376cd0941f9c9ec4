"""The gradient is a product over layers, and a product of many factors is stable only where they balance."""

from random import Random

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, the section What's causing the vanishing gradient "
    "problem?, the paragraph The unstable gradient problem"
)
ASSUMPTIONS = ("σ and the cost are differentiable; no factor is 0.",)
LAYERS = 30
"""Layers of the chains in the figure."""


def build() -> sg.Derivation:
    """Return the derivation for any number of layers."""
    chain = sg.model("chain")
    draft = sg.Draft("The unstable gradient", SOURCE, ASSUMPTIONS)
    product = _product(draft, chain)
    rate = _rate(draft, product)
    _three_cases(draft, rate)
    draft.figure(_by_layer(chain))
    return draft.derivation()


def _product(draft: sg.Draft, chain: sg.Model) -> int:
    draft.section("An early layer's gradient is a product over the later ones")
    weighted = draft.defines(
        chain, "z", "A neuron's weighted input is its weight times the output before, and its bias."
    )
    output = draft.defines(chain, "a", "Its output is σ of that.")
    last = draft.derives(
        chain,
        "C",
        "b[L]",
        because="The last bias has a gradient of one factor and the cost's.",
        premises=(weighted, output),
    )
    return draft.derives(
        chain,
        "z[L]",
        "b[k]",
        by="product over layers",
        because="What the bias of neuron k has besides: one factor w_j σ'(z_j) for each layer between them.",
        premises=(last,),
    )


def _rate(draft: sg.Draft, product: int) -> int:
    draft.section("The growth rate per layer")
    two = draft.states(
        "log(u*v)/2 = (log(u) + log(v))/2",
        "u > 0",
        "v > 0",
        because="The logarithm makes the product a sum. Of n factors take (1/n) ln |∏|, the mean of their logarithms: "
        "the growth rate per layer. Here for two factors of sizes u and v.",
        premises=(product,),
    )
    equal = draft.states(
        "log(c**n)/n = log(c)",
        "c > 0",
        "n >= 1",
        because="If all factors have the size c, the rate is ln c at any depth.",
        premises=(two,),
    )
    return draft.states(
        "exp(2*n*(log(u) + log(v))/2) = (u*v)**n",
        "u > 0",
        "v > 0",
        "n >= 1",
        because="The rate tells the size: 2n factors, by turns of the sizes u and v, have a product of exp(2n times "
        "the rate).",
        premises=(two, equal),
    )


def _three_cases(draft: sg.Draft, rate: int) -> None:
    draft.section("Vanishing, exploding, and the edge between them")
    vanishing = draft.tends(
        "exp(-g*n)", "n", "oo", "0", "g > 0", because="A rate below 0: the gradient vanishes.", premises=(rate,)
    )
    exploding = draft.tends(
        "exp(g*n)", "n", "oo", "oo", "g > 0", because="A rate above 0: it explodes.", premises=(rate,)
    )
    draft.states(
        "exp(0*n) = 1",
        because="Only at the rate 0, where the factors balance, does it keep its size at every depth.",
        premises=(vanishing, exploding),
    )
    for base in ("0.9", "1.1"):
        draft.states(
            f"{base}**100 ~ {sg.power(base, 100).to(6)}",
            by="exact arithmetic",
            because=f"Close to the edge is not enough: 100 layers with the factor {base}.",
            premises=(rate,),
        )


def _by_layer(chain: sg.Model) -> sg.Plot:
    bound = chain.bind("logistic", cost="quadratic")
    curves = [_curve(bound, f"weights from a Gaussian, seed {seed}", *_gaussian(seed)) for seed in (1, 2)]
    large = [8] * LAYERS
    curves.append(_curve(bound, r"$w_j = 8$, every $z_j = 0$: factor 2", large, _biases(large)))
    balanced = [4] * LAYERS
    curves.append(_curve(bound, r"$w_j = 4$, every $z_j = 0$: factor 1", balanced, _biases(balanced)))
    return sg.Plot(
        name="gradient-by-layer",
        caption=f"The gradient of each bias of a chain of {LAYERS} neurons, against that of the last.",
        x_label="neuron $k$",
        y_label=r"$|\partial C / \partial b_k| \,/\, |\partial C / \partial b_L|$",
        curves=tuple(curves),
        log=True,
    )


def _gaussian(seed: int) -> tuple[list[float], list[float]]:
    random = Random(seed)
    return [random.gauss(0, 1) for _ in range(LAYERS)], [random.gauss(0, 1) for _ in range(LAYERS)]


def _biases(weights: list[int]) -> list[float]:
    """Return the biases that keep every weighted input at 0, for the input 1/2."""
    return [-w / 2 for w in weights]


def _curve(chain: sg.Model, label: str, weights: list[float] | list[int], biases: list[float]) -> sg.Curve:
    values = {"w": weights, "b": biases, "a[0]": "1/2", "y": 0}
    gradients = [abs(g) for g in chain.gradients("C", ["b"], values, "ball", 30)["b"]]
    sizes = (float((g / gradients[-1]).mid()) for g in gradients)
    return sg.Curve(label, tuple((float(k), size) for k, size in enumerate(sizes, start=1)))


ENTRY = sg.Entry(
    name="unstable",
    title="The unstable gradient",
    source=SOURCE,
    model="chain",
    text=(
        "Vanishing and exploding gradients have one cause: the gradient of an early layer is a product of terms from "
        "all the later ones. Unless something makes these terms balance, layers learn at wildly different speeds."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
