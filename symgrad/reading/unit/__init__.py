"""Units of printed quantities: which there are, how they are written, and where they stand in a formula."""
