"""The audit of a text: which of its printed formulas and numbers are right.

symgrad.audit.source   documents, read into passages: Markdown, LaTeX, reStructuredText, notebooks, text
symgrad.reading        printed mathematics: tokens, a tree, enclosures of its values
symgrad.audit.checks   numeric links, derivatives, integrals, identities, inequalities, gradients of networks
symgrad.audit.report   findings as text, JSON, SARIF and HTML
"""
