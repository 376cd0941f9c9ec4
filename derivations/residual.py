"""The residual chain: a skip around each neuron keeps the factors of the gradient close to 1."""

from itertools import combinations

import symgrad as sg

SOURCE = (
    "Vanishing / Exploding Gradients (Improving Deep Neural Networks, week 1), section Real-World Context, "
    "which names ResNet-152; skips after K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for "
    "Image Recognition (2016)"
)
ASSUMPTIONS = ("σ and the cost are differentiable; where a bound is stated, |w_j σ'(z_j)| ≤ c < 1.",)


def build(depth: int = 3) -> sg.Derivation:
    """Return the derivation for any number of neurons, and with the 2^depth paths through ``depth`` of them."""
    if not 1 <= depth <= 6:
        raise sg.SymgradError(
            f"{2**depth if depth > 0 else 0} paths cannot be written out", todo="choose a depth of 1 to 6"
        )
    residual = sg.model("residual")
    draft = sg.Draft("A residual chain", SOURCE, ASSUMPTIONS)
    product = draft.include(residual.derive("C", "b[1]"))
    _paths(draft, residual, depth, product)
    _bounds(draft, residual, product)
    draft.figure(_compared())
    return draft.derivation()


def _paths(draft: sg.Draft, residual: sg.Model, depth: int, product: int) -> None:
    draft.section(f"{2**depth} paths through {depth} neurons")
    factors = draft.derives(
        residual,
        f"a[{depth}]",
        "a[0]",
        depth,
        "product over layers",
        f"With {depth} neurons: at each one the gradient goes round it, or through it.",
        (product,),
    )
    names = [f"u_{j}" for j in range(1, depth + 1)]
    terms = ["*".join(chosen) or "1" for n in range(depth + 1) for chosen in combinations(names, n)]
    draft.states(
        f"{'*'.join(f'(1 + {u})' for u in names)} = {' + '.join(terms)}",
        because=f"Multiplied out, with u_j = w_j σ'(z_j), it is a sum over {2**depth} ways through the network. The "
        "1 goes round every neuron, whatever the weights are.",
        premises=(factors,),
    )


def _bounds(draft: sg.Draft, residual: sg.Model, product: int) -> None:
    draft.section("The product cannot vanish")
    one = draft.states(
        "1 + c*s >= 1 - c",
        "0 < c < 1",
        "-1 <= s <= 1",
        because="A factor 1 + u with |u| ≤ c, that is u = c s with -1 ≤ s ≤ 1, is at least 1 - c,",
        premises=(product,),
    )
    draft.states(
        "((1 - c)**n + q)*(1 + c*s) >= (1 - c)**(n + 1)",
        "0 < c < 1",
        "-1 <= s <= 1",
        "q >= 0",
        "n >= 1",
        by="induction",
        because="and if n factors make at least (1 - c)^n, then n + 1 make at least (1 - c)^(n+1). So L of them "
        "make at least (1 - c)^L.",
        premises=(one,),
    )
    slope = draft.states(
        "logistic'(z) <= 1/4", by="bound on the slope", because="For the logistic function and |w_j| ≤ 1, c is 1/4:"
    )
    draft.states(
        "(3/4)**50 > 10**20*4**(-50)",
        by="exact arithmetic",
        because="with 50 neurons at least (3/4)^50, where without skips at most 4^-50 is left.",
        premises=(one, slope),
    )
    draft.bounds(
        residual.bind("logistic"),
        "a[L]",
        "a[0]",
        "(1 + c/4)**L",
        {"w": "c"},
        by="triangle inequality",
        because="From above, with |w_j| ≤ c: skips do not keep a gradient from exploding.",
        premises=(slope,),
    )


def _compared() -> sg.Plot:
    return sg.Plot(
        name="residual-bounds",
        caption="Between which bounds the product lies, for the logistic function and weights of size at most 1.",
        x_label="neurons $L$",
        y_label="size of the product",
        curves=(
            sg.curve(r"with skips, at most $(5/4)^L$", "(5/4)**L", "1 <= L <= 50"),
            sg.curve(r"with skips, at least $(3/4)^L$", "(3/4)**L", "1 <= L <= 50"),
            sg.curve(r"without skips, at most $4^{-L}$", "4**(-L)", "1 <= L <= 50"),
        ),
        log=True,
    )


ENTRY = sg.Entry(
    name="residual",
    title="A residual chain",
    source=SOURCE,
    model="residual",
    text=(
        "A skip adds an identity to the Jacobian of each layer. Where σ' is small a factor is close to 1 "
        "and no longer close to 0: the product need not vanish."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
