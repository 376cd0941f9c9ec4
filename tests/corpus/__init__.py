"""Gradients that textbooks and courses print: the equations, the question, and the formula in symgrad's notation.

Each row has two files in ``rows/``. ``ID.eq`` holds the equations as an author types them, and above them, in
comments, the name, what the row needs, and its questions, which are the options of ``symgrad derive``. ``ID.tex`` holds
what is expected, one block for each question, with a blank line between blocks; two lines with the same left side are
two ways of writing it, either of which will do. The tables of short cases in ``tables/`` are written in the same way.

``python -m tests.corpus`` runs all rows and writes docs/corpus.md, ``python -m tests.corpus G02`` shows one.
"""
