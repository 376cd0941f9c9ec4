"""What goes wrong in gradients: slips, each a change of the derivation, and the search for the one that is seen."""
