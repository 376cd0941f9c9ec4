"""The values of the quantities of a network."""
