"""The deep linear network: the output is a product of matrices, and equal matrices make it a power."""

from itertools import pairwise

import symgrad as sg

SOURCE = "Vanishing / Exploding Gradients (Improving Deep Neural Networks, week 1, Practical Aspects of Deep Learning)"
ASSUMPTIONS = ("The activation is the identity.", "Every bias is 0.")
ROWS = (1, 2, 3, 10, 50, 150)
"""The layers of the lesson's tables."""
CASES = {
    "1.5": ("1.5", "2.25", "3.375", "57.7", "6.4e8", "2.6e26"),
    "0.5": ("0.5", "0.25", "0.125", "9.8e-4", "8.9e-16", "7.0e-46"),
}
"""What the rows hold, to the digits that the lesson shows; the last of the first case is corrected."""
WITH_BIASES = """
W[l]: (n, n)
b[l]: (n,)
a[0]: (n,)
z[l] = W[l]@a[l-1] + b[l]
a[l] = sigma(z[l])
"""
WITHOUT = """
W[l]: (n, n)
a[0]: (n,)
z[l] = W[l]@a[l-1]
a[l] = z[l]
"""
"""The same with b = 0, and with the identity as activation."""
LAST_APART = """
# All matrices but the last are of one size; the last, V, may have any number of rows
W[l]: (n, n)
V: (m, n)
a[0]: (n,)
a[l] = W[l]@a[l-1]
Y = V@a[L-1]
"""


def build(depth: int = 150) -> sg.Derivation:
    """Return the derivation for any number of layers, with the numbers of the lesson and those of ``depth`` layers."""
    if not 1 <= depth <= 1000:
        raise sg.SymgradError(f"a table up to layer {depth}", todo="choose a depth of 1 to 1000")
    draft = sg.Draft("A deep linear network", SOURCE, ASSUMPTIONS)
    linear = sg.model("deep_linear")
    _two_layers(draft)
    product = _forward(draft, linear)
    power = _equal_layers(draft, linear, product)
    for scale in CASES:
        _case(draft, linear, scale, depth, power)
    _limits(draft, power)
    _two_readings(draft, power, depth)
    _resnet(draft, power)
    _symptoms(draft, power)
    _entries_are_not_enough(draft, power)
    draft.figure(_critical_point(depth))
    return draft.derivation()


def _two_layers(draft: sg.Draft) -> None:
    """Set the biases to 0 and the activation to the identity, layer by layer, for the first two layers."""
    draft.section("Two layers, with the biases set to 0")
    biased, linear = sg.parse(WITH_BIASES, "with biases"), sg.parse(WITHOUT, "without biases")
    draft.defines(biased, "z", "A layer: its weighted inputs Z, with weights W and biases b,")
    draft.defines(biased, "a", "and its outputs A = g(Z). The input is X = A^[0].")
    first = draft.defines(biased, "z", "The first layer's weighted inputs.", index=1)
    bare = draft.defines(linear, "z", "With b^[1] = 0 the bias falls away.", index=1, premises=(first,))
    output = draft.defines(linear, "a", "With g(z) = z its outputs are these.", index=1, premises=(bare,))
    second = draft.defines(
        linear, "z", "The second layer reads them, and its bias is 0 as well.", index=2, premises=(output,)
    )
    last = draft.defines(linear, "a", "Its outputs.", index=2, premises=(second,))
    draft.derives(
        linear,
        "a[2]",
        "a[0]",
        by="substitution",
        premises=(bare, output, second, last),
        because="With the first layer put in, X is multiplied by the first matrix and then by the second: Z^[2] and "
        "A^[2] are this matrix times X.",
    )
    draft.figure(_network())


def _network() -> sg.Diagram:
    """Draw two inputs, layers of two units, of which most are left out, and the output."""
    columns = {0: "x", 1: "1", 2: "2", 3: "3", 5: "L-1", 6: "L"}
    nodes = [sg.Node("dots", 4, 0.5, r"\cdots", "text"), sg.Node("out", 7, 0.5, r"\hat{Y}", "text")]
    for x, layer in columns.items():
        for unit in (1, 2):
            label = f"x_{unit}" if x == 0 else ""
            nodes.append(sg.Node(f"{x} {unit}", x, 2 - unit, label, "neuron" if x else "text"))
        nodes.append(sg.Node(f"l {x}", x, 1.6, f"l = {layer}" if x else "X", "text"))
        if x:
            nodes.append(sg.Node(f"W {x}", x - 0.5, -0.55, f"W^{{[{layer}]}}", "text"))
    pairs = [(left, right) for left, right in pairwise(columns) if right - left == 1]
    arrows = [sg.Arrow(f"{a} {i}", f"{b} {k}") for a, b in pairs for i in (1, 2) for k in (1, 2)]
    arrows += [sg.Arrow(f"6 {i}", "out") for i in (1, 2)]
    return sg.Diagram(
        name="two-units",
        caption="The network of the lesson: two inputs, and two units in each of the L = 150 layers, of which most are "
        "left out here.",
        nodes=tuple(nodes),
        arrows=tuple(arrows),
    )


def _forward(draft: sg.Draft, linear: sg.Model) -> int:
    draft.section("The output is the product of all matrices, applied to the input")
    layer = draft.defines(linear, "a", "Without biases, and with the identity as activation, a layer is a matrix.")
    first = draft.derives(
        linear,
        "a[1]",
        "a[0]",
        by="linear term",
        premises=(layer,),
        because="The first layer. Its derivative is the matrix, and since nothing is added, its output is this matrix "
        "times the input.",
    )
    second = draft.derives(
        linear, "a[2]", "a[0]", premises=(layer, first), because="The second layer multiplies from the left,"
    )
    third = draft.derives(linear, "a[3]", "a[0]", premises=(layer, second), because="and so does the third.")
    return draft.derives(
        linear,
        "a[L]",
        "a[0]",
        by="product over layers",
        premises=(layer, third),
        because="After L layers, the last matrix leftmost: this times the input is the output.",
    )


def _equal_layers(draft: sg.Draft, linear: sg.Model, product: int) -> int:
    draft.section("Equal multiples of the identity make it a power")
    equal = linear.let("W[l] = lambda*I")
    layer = draft.defines(equal, "a", "Let every matrix be λ I.")
    forward = draft.derives(
        equal,
        "a[L]",
        "a[0]",
        by="substitution",
        because="Then the output is λ^L times the input.",
        premises=(product, layer),
    )
    draft.derives(
        equal,
        "C",
        "a[k]",
        by="product over layers",
        premises=(forward,),
        because="The gradient runs through the same matrices the other way: from layer L to layer k there are L - k of "
        "them, and it grows or shrinks as the outputs do.",
    )
    return forward


def _case(draft: sg.Draft, linear: sg.Model, scale: str, depth: int, power: int) -> None:
    growing = float(scale) > 1
    draft.section(f"Case {'1: the outputs explode' if growing else '2: the outputs vanish'}, W = {scale} I")
    entry = draft.states(
        f"{scale}*1 + 0*1 = {scale}",
        by="exact arithmetic",
        because="With X = [1, 1] both entries of the first layer's output are the same: a row of the matrix times X.",
    )
    equal = linear.let(f"W[l] = {scale}*I")
    layer = draft.defines(equal, "a", f"Let every matrix be {scale} I.")
    at_depth = draft.derives(equal, "a[L]", "a[0]", depth, "substitution", f"With {depth} layers.", (power, layer))
    rows = []
    for layer, shown in zip(ROWS, CASES[scale], strict=True):
        exact = layer <= 3
        rows.append(
            draft.states(
                f"{scale}**{layer} {'=' if exact else '~'} {shown}",
                by="exact arithmetic",
                because=f"Layer {layer} of the lesson's table{'' if exact else ', rounded to the digits shown'}.",
                premises=(at_depth if layer == depth else power, entry),
            )
        )
    draft.figure(_table(scale, growing))
    if growing:
        less = draft.states("1.5**149 ~ 1.7e26", by="exact arithmetic", because="One layer less.", premises=(power,))
        wrong = (("The Exponential Growth", 149, "1.7", less), ("the table, layer 150", 150, "2.6", rows[-1]))
        for place, n, digits, step in wrong:
            draft.errs(
                f"Case 1, {place}",
                f"1.5^{n} ≈ 3.7·10^26",
                f"{digits}·10^26 (3.7 are the first digits of 3^150)",
                sg.claim(f"1.5**{n} ~ 3.7e26"),
                step,
            )


def _table(scale: str, growing: bool) -> sg.Table:
    """Return the lesson's table, with the number that was wrong there as it is."""
    rows = []
    for layer, shown in zip(ROWS, CASES[scale], strict=True):
        value = _written(shown)
        about = "≈ " if layer > 3 else ""
        rows.append((f"layer {layer}", f"{about}{value if growing else f'[{value}, {value}]'}", f"{scale}^{layer}"))
    return sg.Table(
        name=f"scale-{'up' if growing else 'down'}",
        caption=f"The outputs of the layers for W = {scale} I and X = [1, 1]"
        f"{', each entry' if growing else ''}: the lesson's table{', its last row corrected' if growing else ''}.",
        header=("layer", "magnitude" if growing else "values", "calculation"),
        rows=tuple(rows),
    )


def _limits(draft: sg.Draft, power: int) -> None:
    draft.section("The critical point")
    grows = draft.tends(
        "lambda**L", "L", "oo", "oo", "lambda > 1", because="Above 1 there is no bound.", premises=(power,)
    )
    falls = draft.tends(
        "lambda**L", "L", "oo", "0", "0 < lambda < 1", because="Below 1 nothing is left.", premises=(power,)
    )
    draft.states("1**L = 1", because="At λ = 1 alone every layer passes on what it gets.", premises=(grows, falls))


def _two_readings(draft: sg.Draft, power: int, depth: int) -> None:
    draft.section("L equal factors, or L - 1 and a last one")
    model = sg.parse(LAST_APART, "a last layer of its own")
    layers = draft.defines(model, "a", "Let the matrices be any again,")
    last = draft.defines(model, "Y", "and the last layer have one of its own.")
    whole = draft.derives(
        model,
        "Y",
        "a[0]",
        by="product over layers",
        because="The L - 1 others stand before it.",
        premises=(layers, last),
    )
    equal = model.let("W[l] = lambda*I")
    others = draft.defines(equal, "a", "Let the others be λ I.")
    apart = draft.derives(
        equal,
        "Y",
        "a[0]",
        by="substitution",
        premises=(power, whole, others),
        because="Then the power is λ^(L-1), times the last matrix. If the last matrix is λ I too, it is λ^L.",
    )
    draft.errs(
        "Case 1, The Exponential Growth",
        "Ŷ ≈ 1.5^(L-1) X for W^[l] = 1.5 I in every layer",
        "1.5^L X; the power L - 1 belongs to a network whose last matrix is another",
        sg.claim(f"1.5**{depth} = 1.5**({depth} - 1)"),
        power,
        apart,
    )
    draft.errs(
        "Case 2, The Exponential Decay",
        "Ŷ ≈ 0.5^(L-1) X for W^[l] = 0.5 I in every layer",
        "0.5^L X, as the lesson's table has it",
        sg.claim(f"0.5**{depth} = 0.5**({depth} - 1)"),
        power,
        apart,
    )


def _resnet(draft: sg.Draft, power: int) -> None:
    draft.section("152 layers, close to the critical point")
    printed = {("1.1", 152): "2.3e6", ("0.9", 152): "7.3e-8", ("1.1", 150): "2.28e6", ("0.9", 150): "7.30e-8"}
    for (scale, n), wrong in printed.items():
        right = sg.power(scale, n).to(len(wrong.partition("e")[0]) - 1)
        step = draft.states(
            f"{scale}**{n} ~ {right}",
            by="exact arithmetic",
            premises=(power,),
            because=f"A network of {n} layers with λ = {scale}.",
        )
        place = "Modern Deep Networks, ResNet-152" if n == 152 else "the output shown for the program"
        draft.errs(
            place, f"{scale}^{n} ≈ {_written(wrong)}", _written(right), sg.claim(f"{scale}**{n} ~ {wrong}"), step
        )
    draft.figure(_program())


def _program() -> sg.Program:
    return sg.Program(
        name="scales",
        caption="The lesson's program for 150 layers, in two lines, and what it prints: not 2.28e+06 and 7.30e-08.",
        session=">>> for scale in (1.1, 0.9):\n...     print(f'{scale ** 150:.2e}')\n1.62e+06\n1.37e-07",
    )


SCALES = ("1.5", "1.1", "0.9", "0.5")
FORMATS = ("fp16", "bf16", "fp32", "fp64")


def _symptoms(draft: sg.Draft, power: int) -> None:
    """Say at which depth a float holds λ^L no more, and why the loss becomes NaN."""
    draft.section("Inf, 0 and NaN")
    for scale, relation, threshold, what in (
        ("1.5", ">=", "2**128 - 2**103", "inf in fp32, which rounds to inf from this number on"),
        ("0.5", "<=", "2**(-150)", "0 in fp32, whose smallest number is 2^(-149): half of it is rounded to 0"),
    ):
        loss = sg.horizon(scale)["fp32"]
        depth = loss.zero if loss.overflow is None else loss.overflow
        draft.states(
            f"{scale}**{depth} {relation} {threshold}",
            by="exact arithmetic",
            premises=(power,),
            because=f"At layer {depth} the output for W = {scale} I is {what}.",
        )
    draft.figure(_horizons())
    same = draft.tends(
        "lambda**L - lambda**L", "L", "oo", "0", "lambda > 1", premises=(power,), because="Two outputs that explode:"
    )
    draft.tends(
        "2*lambda**L - lambda**L",
        "L",
        "oo",
        "oo",
        "lambda > 1",
        premises=(same,),
        because="their difference may tend to anything. So floats have no value for inf - inf, and give NaN: so does a "
        "loss that has such a difference in it, its gradient, and after one update every parameter.",
    )
    draft.figure(_nan())


def _horizons() -> sg.Table:
    rows = []
    for scale in SCALES:
        found = sg.horizon(scale, FORMATS)
        lost = [(loss.zero, "0") if loss.overflow is None else (loss.overflow, "inf") for loss in found.losses]
        rows.append((scale, *(f"{depth}: {becomes}" for depth, becomes in lost)))
    return sg.Table(
        name="horizons",
        caption="The first depth L at which a float format has inf or 0 in the place of λ^L.",
        header=("λ", *FORMATS),
        rows=tuple(rows),
    )


def _nan() -> sg.Program:
    depth = sg.horizon("1.5")["fp64"].overflow
    return sg.Program(
        name="nan",
        caption="In float64, layer by layer: the output is inf, and a difference of two such outputs is NaN.",
        session=f">>> output = 1.0\n>>> for layer in range({depth}):\n...     output = 1.5 * output\n"
        ">>> output, output - output\n(inf, nan)",
    )


def _entries_are_not_enough(draft: sg.Draft, power: int) -> None:
    draft.section("Small weights do not make a small product")
    two = draft.states(
        "0.6*0.6 + 0.6*0.6 = 0.72",
        by="exact arithmetic",
        premises=(power,),
        because="Of two matrices with all four entries 0.6 every entry of the product is larger, though all weights "
        "are smaller than 1: what counts is what the matrix does to vectors, here at most 1.2.",
    )
    draft.tends(
        "0.6*1.2**(L - 1)",
        "L",
        "oo",
        "oo",
        because="The entries of the L-th power of this matrix: they explode.",
        premises=(two,),
    )
    draft.errs(
        "Key Takeaways, 3",
        "weights < 1 → exponential decay",
        "this holds for multiples of the identity; in general the size of the product counts, not that of the entries",
        sg.claim("2*w**2 < w", "0 < w < 1"),
        two,
    )


def _written(decimal: str) -> str:
    digits, _, exponent = decimal.partition("e")
    return f"{digits}·10^{exponent}" if exponent else digits


def _critical_point(depth: int) -> sg.Plot:
    layers = sorted({10, 50, depth})
    return sg.Plot(
        name="critical-point",
        caption="λ^L near λ = 1: the deeper the network, the narrower the region in which it keeps its size.",
        x_label=r"$\lambda$",
        y_label=r"$\lambda^L$",
        curves=tuple(sg.curve(f"$L = {n}$", f"lambda**{n}", "0.9 <= lambda <= 1.1") for n in layers),
        marks=(sg.Mark(1, 1, r"$\lambda = 1$"),),
        log=True,
    )


ENTRY = sg.Entry(
    name="deep-linear",
    title="A deep linear network",
    source=SOURCE,
    model="deep_linear",
    notation="ng",
    text=(
        "With the identity as activation and no biases, the output is the product of all weight matrices, "
        "applied to the input. Equal multiples of the identity make that product a power."
    ),
    assumptions=ASSUMPTIONS,
    build=build,
)
