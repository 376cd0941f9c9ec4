"""Printed mathematics, of symgrad and of others: tokens, a tree, its values. Nothing of it is ever run."""
