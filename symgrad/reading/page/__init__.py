r"""The reader of pages as symgrad prints them: Unicode text, LaTeX, Markdown, HTML with MathML, as trees and values.

It shares nothing with the exporters and knows no networks. Three steps:

1. ``document``: ``text_page``, ``latex_page``, ``markdown_page``, ``html_page`` read a page into equations, each with
   the trees of its sides (or the reason why it is not read), and sentences; ``formula(text, "latex")`` reads one line.
2. ``lexicon``: ``Lexicon(entries, place).find(name)`` says what a printed name stands for.
3. ``value``: ``Evaluation(given, at, order, layout, definitions).value(node)`` evaluates a tree. ``Given`` holds what
   comes from outside, as functions: values of quantities, functions, derivatives by name; in any number system.
   A value is a number, a two-dimensional array (a vector is a column), a ``Multiple`` of I or a ``Block`` of values;
   ``array.fitted(value, shape)`` makes it an array; ``change`` applies derivatives to changes dW, ``dots`` writes out
   W_L ⋯ W_1. What is not understood raises ``NotUnderstoodError``.

>>> from fractions import Fraction
>>> from symgrad.reading.page.document import formula
>>> from symgrad.reading.page.lexicon import Entry, Lexicon
>>> from symgrad.reading.page.value import Evaluation, Given
>>> w = {1: Fraction(2), 2: Fraction(3)}
>>> lexicon = Lexicon((Entry("w", "w", indexed=True),))
>>> given = Given(lexicon, lambda name, index: w[index], None, None, Fraction)
>>> Evaluation(given, {"L": 2}).value(formula(r"p = \prod_{j=1}^{L} w_{j}").sides[1])
Fraction(6, 1)
"""
