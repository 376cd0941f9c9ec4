"""Another activation function: how steep each one is, which weight it needs, and how wide its window is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, section What's causing the vanishing gradient problem?, "
    "problem on a different activation function"
)


@dataclass(frozen=True)
class Bell:
    """An activation whose slope is greatest at 0 and falls to 0 on both sides.

    top: the greatest slope; factor: |w| times it; least: 1 over it. weight: the |w| whose window is -y ≤ z ≤ y;
    half: a formula in it that is y. width: of the window in the input, by w; widest at w = at.
    root: what a root in the formula of the end is.
    """

    name: str
    title: str
    top: str
    factor: str
    least: str
    weight: str
    half: str
    width: str
    widest: str
    at: str
    root: str = ""


@dataclass(frozen=True)
class Wave:
    """An activation f with f(z) - f(-z) = z, whose slope overshoots 1: it is at most top, at z = at.

    least, second: the weights from which on there is a window where the slope is positive, and where it is negative.
    below, beyond: that the slope at -z, perhaps times something positive, is less than 0, and for which z.
    """

    name: str
    title: str
    top: str
    at: str
    least: str
    second: str
    below: str
    beyond: str


LOGISTIC = Bell(
    "logistic",
    "The logistic function",
    "1/4",
    "abs(w)/4",
    "4",
    "4*cosh(y/2)^2",
    "log({0}*(1 + tanh(y/2))/2 - 1)",
    "2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)",
    "0.44774320469430284918",
    "6.8941510322729280142",
    "sqrt(1 - 4/({0})) = tanh(y/2)",
)
TANH = Bell(
    "tanh",
    "tanh",
    "1",
    "abs(w)",
    "1",
    "cosh(y)^2",
    "log(sqrt({0}) + sqrt({0} - 1))",
    "2/w*log(sqrt(w) + sqrt(w - 1))",
    "0.89548640938860569836",
    "1.7235377580682320036",
)
SOFTSIGN = Bell(
    "softsign", "softsign", "1", "abs(w)", "1", "(1 + y)^2", "sqrt({0}) - 1", "2/w*(sqrt(w) - 1)", "1/2", "4"
)
BELLS = (LOGISTIC, TANH, SOFTSIGN)
SILU = Wave(
    "silu",
    "SiLU",
    "1.0998393201288669170",
    "2.3993572805154676678",
    "0.9092",
    "10.016",
    "silu'(-z) < 0",
    "z >= 13/10",
)
GELU_TANH = Wave(
    "gelu_tanh",
    "GELU by tanh",
    "1.1289930686587717655",
    "1.4185040087908283555",
    "0.8857",
    "7.7524",
    "gelu_tanh'(-z)*exp(2*z*sqrt(2/pi)*(1 + 0.044715*z^2)) < 0",
    "z >= 1",
)


def _bell(draft: sg.Draft, f: Bell) -> int:
    """Write the slope, the least weight, the window and its width; return the step of the greatest width."""
    top = draft.states(
        f"{f.name}'(z) <= {f.top}", by="bound on the slope", because=f"{f.title}: the slope is at most {f.top},"
    )
    reached = draft.states(f"{f.name}'(0) = {f.top}", by="exact arithmetic", because="and at 0 it is just that.")
    needed = draft.states(
        f"{f.factor} < 1",
        f"abs(w) < {f.least}",
        because=f"A weight below {f.least} makes every factor less than 1.",
        premises=(top, reached),
    )
    window = draft.add(
        sg.solutions(f"{f.weight}*{f.name}'(z) >= 1", "z", "-y", "y", "y >= 0"),
        "algebra",
        "From there on the factor is at least 1 in a bounded window of weighted inputs. For y ≥ 0, this is the weight "
        "whose window ends at y:",
        needed,
    )
    found: tuple[int, ...] = (window,)
    if f.root:
        root = draft.states(
            f.root.format(f.weight),
            "y >= 0",
            because="The end, ln(w (1 + √(1 - 4/w))/2 - 1), has a root in it, which is with this weight",
            premises=(window,),
        )
        found = (window, root)
    half = draft.states(
        f"{f.half.format(f.weight)} = y", "y >= 0", because="By its weight the end is therefore", premises=found
    )
    return draft.add(
        sg.extremum("maximum", f.width, f"w >= {f.least}", f.widest, f.at),
        "extremum",
        "In the input activation the window has the width 2y/|w|, which is greatest where",
        window,
        half,
    )


def _lecun_tanh(draft: sg.Draft) -> None:
    widest = _bell(draft, TANH)
    scaled = draft.states(
        "lecun_tanh'(z) = 17159/15000*tanh'(2*z/3)",
        by="calculus",
        because="LeCun's f(z) = 1.7159 tanh(2z/3) is steeper by the product of its two numbers: its greatest slope is "
        "17159/15000.",
    )
    draft.states(
        "15000/17159 ~ 0.874177", by="exact arithmetic", because="It needs |w| of at least", premises=(scaled,)
    )
    wider = draft.states(
        "2/w*(3/2*log(sqrt(17159/15000*w) + sqrt(17159/15000*w - 1)))"
        " = 17159/10000*(2/(17159/15000*w)*log(sqrt(17159/15000*w) + sqrt(17159/15000*w - 1)))",
        "w >= 1",
        because="Its window is that of tanh for the weight 17159/15000 w, and 1.7159 times as wide,",
        premises=(widest, scaled),
    )
    draft.states(
        f"17159/10000*{TANH.widest} ~ 1.536565129870", by="exact arithmetic", because="at most", premises=(wider,)
    )


def _identity(draft: sg.Draft) -> None:
    draft.states(
        "identity'(z) = 1",
        by="calculus",
        because="The identity has the slope 1 everywhere: for |w| ≥ 1 its window is the whole line.",
    )


def _relu(draft: sg.Draft) -> None:
    right = draft.states("relu'(z) = 1", "z > 0", by="calculus", because="ReLU has the slope 1 on the right,")
    draft.states(
        "relu'(z) = 0",
        "z < 0",
        by="calculus",
        because="and 0 on the left. For |w| ≥ 1 its window is z > 0: it has no end, so no width.",
        premises=(right,),
    )


def _leaky_relu(draft: sg.Draft) -> None:
    right = draft.states("leaky_relu'(z) = 1", "z > 0", by="calculus", because="Leaky ReLU is the same on the right;")
    draft.states(
        "leaky_relu'(z) = 1/100",
        "z < 0",
        by="calculus",
        because="on the left it keeps a slope of 1/100, so from |w| = 100 on its window is the whole line.",
        premises=(right,),
    )


def _exponential(draft: sg.Draft) -> int:
    return draft.add(
        sg.solutions("w*exp(z) >= 1", "z", "-log(w)", "oo", "w >= 1"),
        "algebra",
        "An exponential slope is large enough from here on:",
    )


def _elu(draft: sg.Draft) -> None:
    tail = _exponential(draft)
    right = draft.states("elu'(z) = 1", "z > 0", by="calculus", because="ELU has the slope 1 on the right,")
    draft.states(
        "elu'(z) = exp(z)",
        "z < 0",
        by="calculus",
        because="and an exponential one on the left. It needs |w| ≥ 1, and its window is z ≥ -ln|w|, without an end.",
        premises=(tail, right),
    )


def _selu(draft: sg.Draft) -> None:
    tail = _exponential(draft)
    kink = draft.states(
        "selu'(z) = selu'(0)*exp(z)",
        "z < 0",
        by="calculus",
        because="SELU is steepest at the left of its kink, where its slope is λα.",
    )
    step = draft.states("selu'(z) = selu'(1)", "z > 0", by="calculus", because="On the right it has the slope λ,")
    lower = draft.states("selu'(1) < selu'(0)", by="numerical enclosure", because="which is less.", premises=(step,))
    for text, because, premises in (
        ("selu'(0) ~ 1.7580993408473769", "The greatest slope is", (kink, lower)),
        ("1/selu'(0) ~ 0.5687961", "so the weight must be at least", (kink, lower)),
        (
            "1/selu'(1) ~ 0.9517456",
            "and below this weight the window is bounded: from -ln(λα|w|) to 0.",
            (kink, step, tail),
        ),
        (
            "log(selu'(0)/selu'(1))*selu'(1) ~ 0.5408754",
            "Its width in the input activation grows with the weight to λ ln α. From there on it has no end.",
            (kink, step, tail),
        ),
    ):
        draft.states(text, by="numerical enclosure", because=because, premises=premises)


def _softplus(draft: sg.Draft) -> None:
    never = draft.states(
        "softplus'(z) < 1", by="bound on the slope", because="The slope of softplus is always less than 1,"
    )
    close = draft.tends("softplus'(z)", "z", "oo", "1", because="and comes as close to it as one likes.")
    draft.add(
        sg.solutions("w*softplus'(z) >= 1", "z", "-log(w - 1)", "oo", "w > 1"),
        "algebra",
        "So |w| must be more than 1; the window has no end.",
        never,
        close,
    )


def _wave(draft: sg.Draft, f: Wave) -> None:
    mirrored = draft.states(
        f"{f.name}'(z) - 1 = -{f.name}'(-z)",
        by="calculus",
        because=f"{f.title}: the slope at z is more than 1 by as much as it is less than 0 at -z.",
    )
    below = draft.states(
        f.below, f.beyond, by="calculus", because="Far from 0 it is less than 0 there,", premises=(mirrored,)
    )
    _no_end(draft, f.name, mirrored, below)
    top = draft.add(
        sg.extremum("maximum", f"{f.name}'(z)", "z real", f.top, f.at), "extremum", "The slope is greatest here:"
    )
    _weights(draft, f"{f.name}'({f.at[:14]})", f.least, f.second, top)


def _weights(draft: sg.Draft, top: str, least: str, second: str, *premises: int) -> None:
    draft.states(
        f"1/{top} ~ {least}",
        by="numerical enclosure",
        because="The weight must be at least",
        premises=premises,
    )
    draft.states(
        f"1/({top} - 1) ~ {second}",
        by="numerical enclosure",
        because="From this weight on there is a second window, where the slope is negative.",
        premises=premises,
    )


def _no_end(draft: sg.Draft, name: str, *premises: int) -> None:
    draft.tends(
        f"{name}'(z)",
        "z",
        "oo",
        "1",
        because="and the slope tends to 1 from above. For |w| ≥ 1 the window has no end, and for a "
        "smaller weight it is bounded.",
        premises=premises,
    )


def _gelu(draft: sg.Draft) -> None:
    slope = draft.add(
        sg.slope("gelu'(z)", "z", "(2 - z^2)*exp(-z^2/2)/sqrt(2*pi)"),
        "calculus",
        "GELU: from z = √2 on the slope falls,",
    )
    _no_end(draft, "gelu", slope)
    top = draft.add(
        sg.extremum("maximum", "gelu'(z)", "z real", "1.1289041451851547863", "sqrt(2)"),
        "extremum",
        "The slope is greatest here:",
        slope,
    )
    exact = draft.states(
        "gelu'(sqrt(2)) = (1 + erf(1))/2 + exp(-1)/sqrt(pi)",
        by="calculus",
        because="In closed form:",
        premises=(slope, top),
    )
    _weights(draft, "gelu'(sqrt(2))", "0.8858", "7.7577", exact)


def _steeper(draft: sg.Draft) -> None:
    draft.section("Does a steeper function help?")
    scaled = draft.states(
        "2/w*log(c*w*(1 + sqrt(1 - 4/(c*w)))/2 - 1) = c*(2/(c*w)*log(c*w*(1 + sqrt(1 - 4/(c*w)))/2 - 1))",
        "w >= 4",
        "c >= 1",
        because="The function c σ(z) is c times as steep. Its window is that of σ for the weight c w, and c times as "
        "wide.",
    )
    draft.tends(
        "c/4",
        "c",
        "oo",
        "oo",
        because="So the factor leaves the region below 1 more easily. But it is large in the middle of the window, and "
        "grows with c: products of such factors explode instead. The gradient stays unstable.",
        premises=(scaled,),
    )


def _figures(draft: sg.Draft) -> None:
    draft.figure(
        sg.Table(
            "activation-table",
            "The greatest slope of each activation, where it is, the least |w| that avoids vanishing, and the window "
            "of larger weights: its width in the input activation, or the weighted inputs z that it holds.",
            ("activation", "greatest slope", "at z", "least |w|", "window"),
            SUMMARY,
        )
    )
    names = {"logistic": "logistic", "tanh": "tanh", "softsign": "softsign", "selu": "SELU", "silu": "SiLU"}
    draft.figure(
        sg.Plot(
            "activation-slopes",
            "Slopes fall to both sides, stay on one side, or overshoot 1.",
            "$z$",
            "slope",
            tuple(sg.curve(title, f"{name}'(z)", "-5 <= z <= 5", points=401) for name, title in names.items()),
            levels=(sg.Level(1.0, "$1$"),),
        )
    )
    draft.figure(
        sg.Plot(
            "activation-windows",
            "The width of the window against the weight, where it is bounded for every weight.",
            "$|w|$",
            "width",
            tuple(sg.curve(f.name, f.width, f"{f.least} <= w <= 16", points=241) for f in BELLS),
            marks=tuple(
                sg.Mark(float(Fraction(f.at)), float(Fraction(f.widest)), f"${float(Fraction(f.widest)):.3f}$")
                for f in BELLS
            ),
        )
    )


ENDLESS = "bounded for |w| < {}, endless from there on"
SUMMARY = (
    ("logistic", "1/4", "0", "4", "at most 0.4477 wide, at |w| = 6.894"),
    ("tanh", "1", "0", "1", "at most 0.8955 wide, at |w| = 1.724"),
    ("tanh (LeCun)", "1.1439", "0", "0.8742", "at most 1.5366 wide, at |w| = 1.507"),
    ("softsign", "1", "0", "1", "at most 1/2 wide, at |w| = 4"),
    ("identity", "1", "all", "1", "the whole line"),
    ("ReLU", "1", "> 0", "1", "z > 0"),
    ("leaky ReLU", "1", "> 0", "1", "z > 0; the whole line for |w| ≥ 100"),
    ("ELU", "1", "≥ 0", "1", "z ≥ -ln|w|"),
    ("SELU", "1.7581", "0", "0.5688", ENDLESS.format("0.9517")),
    ("softplus", "1, not reached", "→ ∞", "> 1", "z ≥ -ln(|w| - 1)"),
    ("SiLU", "1.0998", "2.3994", "0.9092", ENDLESS.format("1")),
    ("GELU", "1.1289", "√2", "0.8858", ENDLESS.format("1")),
    ("GELU by tanh", "1.1290", "1.4185", "0.8857", ENDLESS.format("1")),
)
"""What the steps show of each activation, in the order of the parts."""


PARTS: dict[str, dict[str, Callable[[sg.Draft], object]]] = {
    "Slopes that fall to both sides: the logistic function, tanh, softsign": {
        "logistic": partial(_bell, f=LOGISTIC),
        "tanh": partial(_bell, f=TANH),
        "lecun_tanh": _lecun_tanh,
        "softsign": partial(_bell, f=SOFTSIGN),
    },
    "Slopes that stay: the identity, ReLU, ELU, SELU, softplus": {
        "identity": _identity,
        "relu": _relu,
        "leaky_relu": _leaky_relu,
        "elu": _elu,
        "selu": _selu,
        "softplus": _softplus,
    },
    "Slopes that overshoot 1: SiLU, GELU": {
        "silu": partial(_wave, f=SILU),
        "gelu": _gelu,
        "gelu_tanh": partial(_wave, f=GELU_TANH),
    },
}


def build(activation: str = "all") -> sg.Derivation:
    """Return, for every activation or for one: its greatest slope, the least weight that it needs, and its window."""
    draft = sg.Draft(ENTRY.title, SOURCE, ENTRY.assumptions)
    known = [name for part in PARTS.values() for name in part]
    if activation not in ("all", *known):
        raise sg.SymgradError(f"unknown activation {activation!r}", todo=f"choose one of all, {', '.join(known)}")
    for title, part in PARTS.items():
        chosen = {name: write for name, write in part.items() if activation in ("all", name)}
        if chosen:
            draft.section(title)
        for write in chosen.values():
            write(draft)
    if activation == "all":
        _steeper(draft)
        _figures(draft)
        draft.errs(
            "problem on a different activation function",
            "|σ'(z)| < 1/4",
            "|σ'(z)| ≤ 1/4, as the section itself says: at z = 0 it is 1/4",
            sg.claim("logistic'(z) < 1/4"),
            1,
            2,
        )
    return draft.derivation()


ENTRY = sg.Entry(
    name="activations",
    title="A different activation function",
    source=SOURCE,
    text=(
        "Every activation function has a greatest slope. A weight that is less than 1 over it makes the gradient "
        "smaller wherever the input is. For a larger one there is a window of inputs that avoid this. How wide is it?"
    ),
    assumptions=("At a kink the slope is the one that PyTorch takes.",),
    build=build,
)
