"""The error of a layer, and the four equations of backpropagation, in matrices and in components."""

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, section The vanishing gradient problem, which measures "
    "how fast a layer learns by the gradient of its biases; the four equations are those of chapter 2"
)
ASSUMPTIONS = (
    "σ acts on each entry by itself.",
    "σ and the cost are differentiable.",
)
LAYOUTS = {
    "denominator": "Gradients are columns, and by a matrix of its shape: the denominator layout.",
    "numerator": "Gradients are rows, and by a matrix of the shape of its transpose: the numerator layout.",
}


def build(layout: str = "denominator") -> sg.Derivation:
    """Return the derivation for layers of any sizes, and any number of them."""
    mlp = sg.model("mlp")
    assumptions = (*ASSUMPTIONS, LAYOUTS.get(layout, ""))
    draft = sg.Draft("Backpropagation in matrix form", SOURCE, assumptions, layout)
    _layer(draft, mlp)
    _last_layer(draft, mlp)
    _one_layer_back(draft, mlp)
    _gradients(draft, mlp)
    _all_the_way(draft, mlp)
    return draft.derivation()


def _layer(draft: sg.Draft, mlp: sg.Model) -> None:
    weighted = draft.defines(mlp, "z", "The weighted inputs of a layer.")
    output = draft.defines(mlp, "a", "Its outputs.")
    entries = draft.components(
        mlp,
        "a[l]",
        "z[l]",
        "sigma'(z_i)",
        {"z": "z[l]"},
        diagonal=True,
        because="Each output depends on its own weighted input alone,",
        premises=(output,),
    )
    draft.derives(
        mlp,
        "a[l]",
        "z[l]",
        by="elementwise function",
        because="so the Jacobian is a diagonal matrix. To multiply a vector by it is to multiply entry by entry.",
        premises=(output, entries),
    )
    draft.derives(
        mlp,
        "z[l]",
        "a[l-1]",
        by="linear term",
        because="The weighted inputs are linear in the outputs before them.",
        premises=(weighted,),
    )


def _last_layer(draft: sg.Draft, mlp: sg.Model) -> None:
    draft.section("The error of the last layer")
    entries = draft.components(
        mlp,
        "C",
        "z[L]",
        "g_i*sigma'(z_i)",
        {"g": "∂C/∂a[L]", "z": "z[L]"},
        subscripts="i",
        because="The error δ of a layer is the derivative of the cost by its weighted inputs. In the last layer each "
        "weighted input acts through its own output.",
    )
    draft.derives(
        mlp,
        "C",
        "z[L]",
        via="a[L]",
        label="BP1",
        premises=(entries,),
        because="As vectors: the first equation of backpropagation.",
    )


def _one_layer_back(draft: sg.Draft, mlp: sg.Model) -> None:
    draft.section("From a layer to the one before")
    components = draft.components(
        mlp,
        "C",
        "z[l]",
        "W_ki*delta_k*sigma'(z_i)",
        {"W": "W[l+1]", "delta": "∂C/∂z[l+1]", "z": "z[l]"},
        subscripts="i",
        summed="k",
        by="sum over paths",
        because="A weighted input acts through its output on every neuron of the next layer: the paths add.",
    )
    draft.derives(
        mlp,
        "C",
        "z[l]",
        via="z[l+1]",
        label="BP2",
        because=f"The sum over k is a product with the {_matrix(draft)}: the second equation.",
        premises=(components,),
    )


def _gradients(draft: sg.Draft, mlp: sg.Model) -> None:
    draft.section("The gradients of a layer's parameters")
    draft.derives(
        mlp, "C", "b[l]", via="z[l]", label="BP3", because="A bias enters as it is: its gradient is the error itself."
    )
    components = draft.components(
        mlp,
        "C",
        "W[l]",
        "a_k*delta_i",
        {"a": "a[l-1]", "delta": "∂C/∂z[l]"},
        because="The weight from neuron k to neuron i carries the output of k and acts through the input of i.",
    )
    draft.derives(
        mlp,
        "C",
        "W[l]",
        via="z[l]",
        label="BP4",
        premises=(components,),
        because="All weights together: the outer product of the error with the outputs that come in.",
    )


def _all_the_way(draft: sg.Draft, mlp: sg.Model) -> None:
    draft.section("The error of any layer")
    draft.derives(
        mlp,
        "C",
        "z[l]",
        by="product over layers",
        because="The second equation, put in again and again up to the last layer: in each layer on the way stands the "
        f"product of a {_matrix(draft)} and a diagonal one. Where it shrinks every vector, the gradient vanishes.",
    )


def _matrix(draft: sg.Draft) -> str:
    return "transposed matrix" if draft.layout == "denominator" else "matrix"


ENTRY = sg.Entry(
    name="backpropagation",
    title="Backpropagation in matrix form",
    source=SOURCE,
    model="mlp",
    text=(
        "The derivative of the cost by a layer's weighted inputs is the error of that layer, δ. Four equations give "
        "the errors from the last layer to the first, and from them the gradient of every parameter."
    ),
    build=build,
)
