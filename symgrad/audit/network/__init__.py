"""Networks that a text speaks of: their equations, their values at drawn weights, and printed gradients as matrices."""
