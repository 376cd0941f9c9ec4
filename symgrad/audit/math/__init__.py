"""Printed mathematics: tokens, a tree, enclosures of its values. Nothing of it is ever executed."""
