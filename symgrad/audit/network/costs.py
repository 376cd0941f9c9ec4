"""Letters of a cost that a network need not define: any function of its last layer."""

COSTS = ("C", "L", "E", "J", "ell", "loss", "cost")
