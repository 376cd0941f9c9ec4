"""Laws by their names: binomial, normal, exponential, each with its probabilities and its moments."""
