"""The catalogue: the derivations of textbooks, one file each, written with symgrad's public names."""

from derivations import (
    activations,
    backpropagation,
    chain,
    criticality,
    deep_linear,
    exploding,
    gru,
    identity_neuron,
    initialisation,
    learning_speed,
    lstm,
    residual,
    rnn,
    unstable,
    window,
)

ENTRIES = (
    learning_speed.ENTRY,
    chain.ENTRY,
    exploding.ENTRY,
    unstable.ENTRY,
    window.ENTRY,
    identity_neuron.ENTRY,
    activations.ENTRY,
    deep_linear.ENTRY,
    backpropagation.ENTRY,
    rnn.ENTRY,
    residual.ENTRY,
    lstm.ENTRY,
    gru.ENTRY,
    initialisation.ENTRY,
    criticality.ENTRY,
)
