"""The multi-layer perceptron: backpropagation in matrix form."""

from symgrad import Entry, Wanted

ENTRY = Entry(
    name="mlp",
    title="Backpropagation in matrix form",
    source=(
        "M. Nielsen, Neural Networks and Deep Learning, chapter 5, section The vanishing gradient problem, "
        "where the gradient by a layer's biases measures how fast the layer learns"
    ),
    model="mlp",
    text=(
        "The derivative of the cost by a layer's weighted inputs is the error of that layer. It is also the "
        "gradient by the biases, and the gradient by the weights is its outer product with the activations "
        "that come in."
    ),
    assumptions=("σ acts elementwise.", "σ and the cost are differentiable."),
    derivatives=(
        Wanted("C", "z[L]", text="The error of the last layer:"),
        Wanted("z[l]", "z[l-1]", text="One layer back:"),
        Wanted("C", "z[l]", text="The error of any layer:"),
        Wanted("C", "b[l]", text="The gradient by the biases:"),
        Wanted("C", "W[l]", text="The gradient by the weights:"),
    ),
)
