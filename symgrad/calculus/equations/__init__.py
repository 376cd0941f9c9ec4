"""The backward equations of a network, as books write them."""
