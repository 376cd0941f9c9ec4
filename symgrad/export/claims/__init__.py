"""How each kind of claim is laid out on a page."""
