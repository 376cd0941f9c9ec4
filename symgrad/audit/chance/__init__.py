"""Random variables: the laws that texts name, their probabilities and moments, and the events that are asked for."""
