"""What the words of a text say of its formulas: conditions, doubt, names, the marks of authors."""
