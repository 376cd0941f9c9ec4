"""The recurrent network: the gradient of the shared matrix as a sum over paths, and the bound of each path."""

from itertools import pairwise
from typing import Any

import symgrad as sg

SOURCE = (
    "P. Khurana, Vanishing and Exploding Gradients (16 July 2019), after the Deep Learning course of "
    "padhai.onefourthlabs.in, section Taking a closer look at the derivative wrt W"
)
ASSUMPTIONS = ("σ acts on each entry by itself.", "σ and the loss are differentiable.")
PATHS = 4
"""Of the sum that is written out: that many time steps."""
LONGEST = 20
"""Factors up to which a product is written out."""
SIZES = {"W": "lambda", "sigma'": "gamma"}


def build(depth: int = 20, k: int = 1, d: int = 3, layout: str = "numerator") -> sg.Derivation:
    """Return the derivation: for all times and sizes, for the times ``depth`` and k, with a state of d entries."""
    if not 0 <= k < depth <= 1000 or not 1 <= d <= 4:
        raise sg.SymgradError(
            f"the times {depth} and {k} and the size {d}", todo="choose 0 <= k < depth <= 1000 and 1 <= d <= 4"
        )
    rnn = sg.model("rnn")
    draft = sg.Draft("A recurrent network", SOURCE, ASSUMPTIONS, layout)
    paths = _paths(draft, rnn)
    product = _product(draft, rnn, depth, k)
    step = _one_step(draft, rnn, d)
    slopes = _slopes(draft)
    bound = _bound(draft, rnn, step, slopes, product)
    _vanishing(draft, bound, paths)
    _exploding(draft, bound)
    _update(draft, bound)
    return draft.derivation()


def _paths(draft: sg.Draft, rnn: sg.Model) -> int:
    draft.section("The loss by W: one path for each time step")
    weighted = draft.defines(
        rnn, "a", "The weighted inputs at time j, with the same matrices at every time.", label="Fig. 2"
    )
    state = draft.defines(rnn, "s", "The state.", label="Fig. 2")
    loss = draft.defines(rnn, "E", "The loss at time t.")
    by_name = _named(rnn, "E", "W", "sum over time")
    paths = draft.add(
        by_name,
        "sum over time",
        "W acts at every time k = 1 ... t, and what it does there runs through the later states: t paths, which add. "
        "∂⁺ is the immediate derivative: the state before is held fixed.",
        weighted,
        state,
        loss,
    )
    four = draft.derives(
        rnn,
        "E",
        "W",
        PATHS,
        by="sum over paths",
        because="For t = 4 there are four paths from the loss to W. Written out, the longest first: through all four "
        "states to the first use of W, through three of them to the second, and so on.",
        premises=(paths,),
        paths=True,
    )
    draft.figure(_unrolled())
    twice = draft.states(
        "w*s_0 + w*s_0 = 2*(w*s_0)",
        because="Two steps without σ show why: s_2 = w (w s_0), whose derivative by w is 2 w s_0, w s_0 for each path.",
        premises=(paths, four),
    )
    draft.errs(
        "the first formula, the sum over k",
        "∂s_k/∂W behind each product, with the sign of the total derivative",
        "the immediate derivative ∂⁺s_k/∂W; with the total one the early paths are counted again, and two steps "
        "without σ give 3 w s_0",
        sg.claim("2*(w*s_0) + w*s_0 = 2*(w*s_0)"),
        paths,
        twice,
    )
    return paths


def _unrolled() -> sg.Diagram:
    """Draw the network at t = 4 with the four paths from the loss to W, each in a colour."""
    nodes = [sg.Node("s 0", 0, 0, "s_0"), sg.Node("E", PATHS + 1, 0, r"\mathcal{L}_4", "text")]
    arrows = [sg.Arrow("s 1", "s 0")]
    for k in range(1, PATHS + 1):
        nodes += [sg.Node(f"s {k}", k, 0, f"s_{k}"), sg.Node(f"W {k}", k - 0.5, -0.95, "W", "shared")]
        nodes.append(sg.Node(f"number {k}", k - 0.5, -1.35, f"k = {k}", "text"))
        arrows.append(sg.Arrow(f"s {k}", f"W {k}", colour=k))
        before = ["E", *(f"s {j}" for j in range(PATHS, k - 1, -1))]
        shift = 0.07 * (k - (PATHS + 1) / 2)
        arrows += [sg.Arrow(a, b, colour=k, shift=shift) for a, b in pairwise(before)]
    return sg.Diagram(
        name="four-paths",
        caption="The unrolled network at t = 4: the same W at every step. The four paths from the loss to W, one for "
        "each k, are the four terms of the sum.",
        nodes=tuple(nodes),
        arrows=tuple(arrows),
    )


def _named(model: sg.Model, of: str, wrt: str, rule: str, depth: int | None = None) -> Any:
    """Return a claim of the model's own derivation, the one that a rule gives: its parts are under their names."""
    return next(step.claim for step in model.derive(of, wrt, depth).steps if step.rule.name == rule)


def _product(draft: sg.Draft, rnn: sg.Model, t: int, k: int) -> int:
    draft.section("From one state to a later one")
    few = draft.derives(
        rnn,
        "s[4]",
        "s[1]",
        4,
        via=("s[3]", "s[2]"),
        because="From the first state to the fourth there are three steps, and their derivatives multiply.",
    )
    long = draft.derives(
        rnn,
        "s[t]",
        "s[k]",
        via=("s[t-1]", "s[t-2]", ..., "s[k+1]"),
        because="In general there is one factor for each time after k: t - k of them.",
        premises=(few,),
    )
    compact = draft.add(_named(rnn, "s[t]", "s[k]", "product over layers"), "product over layers", "In short:", long)
    count = draft.states(
        f"{t} - {k} = {t - k}",
        by="exact arithmetic",
        because=f"From the state {k} to the state {t} the product has so many factors:",
        premises=(compact,),
    )
    if 1 < t - k <= LONGEST:
        draft.derives(
            rnn,
            f"s[{t}]",
            f"s[{k}]",
            t,
            via=tuple(f"s[{j}]" for j in range(t - 1, k, -1)),
            because="one for each step.",
            premises=(long, count),
        )
    return compact


def _one_step(draft: sg.Draft, rnn: sg.Model, d: int) -> int:
    draft.section("One step")
    chain = draft.derives(
        rnn,
        "s[j]",
        "s[j-1]",
        via="a[j]",
        because="A state acts on the next through the weighted inputs alone.",
        label="Fig. 1",
    )
    each = _entries(draft)
    _two_small_examples(draft)
    entries = draft.components(
        rnn,
        "s[j]",
        "a[j]",
        "sigma'(a_i)",
        {"a": "a[j]"},
        diagonal=True,
        matrix=True,
        because="Each entry of the state depends on its own weighted input alone. "
        f"A {'row' if draft.layout == 'numerator' else 'column'} for each entry of the state:",
        premises=(chain, *each),
    )
    written = draft.components(
        _sized(rnn, d),
        "s[j]",
        "a[j]",
        "sigma'(a_i)",
        {"a": "a[j]"},
        diagonal=True,
        matrix=True,
        because=f"With d = {d} written out.",
        premises=(entries,),
    )
    diagonal = draft.derives(
        rnn,
        "s[j]",
        "a[j]",
        by="elementwise function",
        because="Such a matrix is written by its diagonal.",
        premises=(entries, written),
    )
    linear = draft.derives(
        rnn, "a[j]", "s[j-1]", by="linear term", because="The weighted inputs are linear in the state before."
    )
    rows = draft.components(
        rnn,
        "s[j]",
        "s[j-1]",
        "sigma'(a_i)*W_ik",
        {"a": "a[j]", "W": "W"},
        matrix=True,
        because="The product of the two: each row of W"
        f"{'' if draft.layout == 'numerator' else ', a column here,'} is multiplied by its slope.",
        premises=(diagonal, linear),
    )
    return draft.derives(
        rnn, "s[j]", "s[j-1]", by="substitution", because="As matrices.", premises=(chain, diagonal, linear, rows)
    )


def _entries(draft: sg.Draft) -> list[int]:
    """Say what each entry of the state is, for the logistic function."""
    first, *others = ("j1", "j2", "jd")
    known = draft.states(
        f"sigma(a_{first}) = 1/(1 + exp(-a_{first}))",
        because="With the logistic function as σ: the first entry of the state, s_j1, is this,",
        functions={"sigma": "logistic"},
    )
    words = dict(zip(others, ("the second, s_j2,", "and so on to the last, s_jd."), strict=True))
    return [
        known,
        *(
            draft.states(
                f"sigma(a_{i}) = 1/(1 + exp(-a_{i}))",
                because=because,
                premises=(known,),
                functions={"sigma": "logistic"},
            )
            for i, because in words.items()
        ),
    ]


def _sized(rnn: sg.Model, d: int) -> sg.Model:
    """Return the network with a state of d entries."""
    lines = [line.replace("d,", f"{d},").replace(", d)", f", {d})") for line in rnn.text.splitlines()]
    return sg.parse("\n".join(lines), f"rnn with d = {d}")


def _two_small_examples(draft: sg.Draft) -> None:
    draft.add(
        sg.jacobian({"z": "x^2 + y^2"}, "xy", [["2*x", "2*y"]]),
        "calculus",
        "What a derivative by several variables is: that of a number has an entry for each of them.",
    )
    functions, entries = {"z_1": "x^2 + y^2", "z_2": "x^3 + y^3"}, [["2*x", "2*y"], ["3*x^2", "3*y^2"]]
    rows = draft.add(
        sg.jacobian(functions, "xy", entries),
        "calculus",
        "That of two numbers has a row for each of them, in the layout in which ∂s_j/∂s_{j-1} is diag(σ'(a_j)) W.",
    )
    draft.add(
        sg.jacobian(functions, "xy", entries, layout="denominator"),
        "calculus",
        "The other layout has a column for each of them, and would make it Wᵀ diag(σ'(a_j)).",
    )
    draft.errs(
        "the example of two functions",
        "a matrix with ∂z_2/∂x in the first row and ∂z_1/∂y in the second (and so for ∂s_j/∂a_j)",
        "the transposed matrix, in the layout of the article's own product diag(σ'(a_j)) W",
        sg.jacobian(functions, "xy", [["2*x", "3*x^2"], ["2*y", "3*y^2"]]),
        rows,
    )
    for wrong, right in (("x^2 + y_2", "x^2 + y^2"), ("x^3 + y_3", "x^3 + y^3")):
        draft.errs("the example of two functions", wrong, right, sg.claim(f"{wrong} = {right}"), rows)


def _slopes(draft: sg.Draft) -> tuple[int, int]:
    draft.section("How large a slope can be")
    logistic = draft.states(
        "logistic'(a) = logistic(a)*(1 - logistic(a))",
        by="calculus",
        because="The slope of the logistic function by its value, s (1 - s) with s = σ(a),",
    )
    change = draft.add(sg.slope("s*(1 - s)", "s", "1 - 2*s"), "calculus", "changes with s at this rate,", logistic)
    zero = draft.add(
        sg.solutions("1 - 2*s >= 0", "s", "-oo", "1/2"),
        "algebra",
        "which is 0 at s = 1/2, above 0 before and below 0 after it.",
        change,
    )
    quarter = draft.states(
        "s*(1 - s) = 1/4 - (s - 1/2)^2",
        because="So it is greatest for s = 1/2, that is for a = 0, where it is 1/2 - 1/4 = 1/4,",
        premises=(change, zero),
    )
    first = draft.states(
        "logistic'(a) <= 1/4",
        by="bound on the slope",
        because="and never more than 1/4: γ of the logistic function.",
        premises=(quarter,),
    )
    tanh = draft.states("tanh'(a) = 1 - tanh(a)^2", by="calculus", because="The slope of tanh by its value, 1 - s².")
    falls = draft.add(
        sg.slope("1 - s^2", "s", "-2*s"),
        "calculus",
        "It changes with s at a rate that is 0 at s = 0, where a = 0.",
        tanh,
    )
    second = draft.states(
        "tanh'(a) <= 1",
        by="bound on the slope",
        because="There it is 1, and nowhere more: γ of tanh.",
        premises=(tanh, falls),
    )
    by_output = "with s_j, the value of σ, in the place of a_j"
    draft.errs(
        "the derivative of the logistic function",
        "σ'(a_j) = a_j (1 - a_j), greatest for a_j = 1/2",
        f"s_j (1 - s_j), {by_output}; it is greatest for s_j = 1/2, where a_j = 0",
        sg.claim("logistic'(a) = a*(1 - a)"),
        logistic,
        quarter,
    )
    draft.errs(
        "the derivative of tanh",
        "σ'(a_j) = 1 - (a_j)^2",
        f"1 - s_j^2, {by_output}",
        sg.claim("tanh'(a) = 1 - a^2"),
        tanh,
    )
    return first, second


def _bound(draft: sg.Draft, rnn: sg.Model, step: int, slopes: tuple[int, int], product: int) -> int:
    draft.section("How large the product can be")
    one = draft.bounds(
        rnn,
        "s[j]",
        "s[j-1]",
        "gamma*lambda",
        SIZES,
        because="The norm of a product is at most the product of the norms; that of a diagonal matrix is its greatest "
        "entry, which is bounded either way. With slopes of at most γ and a matrix of norm λ:",
        premises=(step, *slopes),
    )
    whole = draft.bounds(
        rnn,
        "s[t]",
        "s[k]",
        "(gamma*lambda)**(t - k)",
        SIZES,
        because="And so for all t - k factors.",
        premises=(one, product),
    )
    for name, at_most in (("logistic", "(lambda/4)**(t - k)"), ("tanh", "lambda**(t - k)")):
        draft.bounds(
            rnn.bind(name),
            "s[t]",
            "s[k]",
            at_most,
            {"W": "lambda"},
            because=f"For the {'logistic function' if name == 'logistic' else name}.",
            premises=(whole,),
        )
    return whole


def _vanishing(draft: sg.Draft, bound: int, paths: int) -> None:
    draft.section("γλ < 1 is enough for the gradient to vanish")
    draft.tends(
        "c**n",
        "n",
        "oo",
        "0",
        "0 < c < 1",
        premises=(bound, paths),
        because="With c = γλ below 1 the bound tends to 0, and with it what the gradient has from long ago.",
    )
    draft.states("0.5**10 = 0.0009765625", by="exact arithmetic", because="Ten factors of 1/2.", premises=(bound,))


def _exploding(draft: sg.Draft, bound: int) -> None:
    draft.section("γλ > 1 is needed for it to explode, and is not enough")
    draft.tends("c**n", "n", "oo", "oo", "c > 1", premises=(bound,), because="Above 1 the bound grows without end.")
    draft.states("2**10 = 1024", by="exact arithmetic", because="Ten factors of 2.", premises=(bound,))
    small = draft.states(
        "3/2*tanh'(2) < 1/8",
        by="numerical enclosure",
        because="But it is an upper bound. With tanh and λ = 3/2, γλ is above 1; yet where the weighted input is 2, a "
        "factor is less than 1/8, and the product of such factors vanishes.",
        premises=(bound,),
    )
    draft.errs(
        "the last paragraph",
        "if γλ > 1, the overall quantity is very large",
        "(γλ)^(t-k) is an upper bound: γλ > 1 is needed for an explosion, and is not enough",
        sg.claim("3/2*tanh'(a) >= 1"),
        small,
    )
    draft.errs(
        "the paragraph before the last bound",
        "∂s_t/∂s_k is the summation of many such derivatives",
        "the product of them",
        sg.claim("u*v = u + v"),
        bound,
    )


def _update(draft: sg.Draft, bound: int) -> None:
    """Say what the gradient does to W, entry by entry: w ← w - η g with g = ∂L/∂w."""
    draft.section("What the gradient does to W")
    moved = draft.states(
        "abs((w - eta*g) - w) = eta*abs(g)",
        "eta > 0",
        because="Gradient descent puts W - η ∂L/∂W in the place of W. An entry w, with the entry g of the gradient, "
        "moves by η |g|.",
        premises=(bound,),
    )
    draft.tends(
        "eta*g", "g", "0", "0", "eta > 0", because="If the gradient vanishes, W stays where it is.", premises=(moved,)
    )
    far = draft.tends(
        "eta*g", "g", "oo", "oo", "eta > 0", because="If it explodes, W is thrown far away.", premises=(moved,)
    )
    step = draft.states(
        "w - eta*(c*w) = (1 - eta*c)*w",
        because="Where that leads: take the loss c w²/2, which is least at w = 0, and whose gradient is c w.",
        premises=(moved, far),
    )
    draft.states(
        "(1 - u)^2 > 1",
        "u > 2",
        because="If u = η c is more than 2, the distance from the minimum grows at every step: it is overshot.",
        premises=(step,),
    )


ENTRY = sg.Entry(
    name="rnn",
    title="A recurrent network",
    source=SOURCE,
    model="rnn",
    notation="rnn",
    text=(
        "The loss at time t depends on W through every state before it: one path for each time step. Each "
        "path runs through a product of Jacobians, one for each step from where it enters to t."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
