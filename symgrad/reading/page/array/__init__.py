"""Values of formulas on a page, and what is computed with them."""
