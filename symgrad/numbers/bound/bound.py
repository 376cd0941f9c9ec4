"""Upper bounds of closed forms, by structural rules, each with its proof. ‖·‖ is one of three norms of the
Jacobian, a matrix (the entries of a matrix parameter are one vector, in any order):

spectral ‖A‖₂ = max ‖Ax‖₂/‖x‖₂, infinity ‖A‖_∞ = max_i Σ_k |A_ik|, Frobenius ‖A‖_F = (Σ |A_ik|²)^(1/2).

    product       ‖AB‖ ≤ ‖A‖ ‖B‖                 ‖ABx‖ ≤ ‖A‖ ‖Bx‖ ≤ ‖A‖ ‖B‖ ‖x‖; for Frobenius column by column
                                                ‖AB‖_F ≤ ‖A‖₂ ‖B‖_F, and ‖A‖₂ ≤ ‖A‖_F; Horn and Johnson,
                                                Matrix Analysis (2013), section 5.6
    sum           ‖A + B‖ ≤ ‖A‖ + ‖B‖            triangle inequality
    diagonal      ‖diag(v)‖ ≤ sup |v|            (diag(v) x)_i = v_i x_i; spectral and infinity
    identity      ‖I‖ = 1                        spectral and infinity; also a transposition M ↦ Mᵀ, a permutation
    transpose     ‖Aᵀ‖ = ‖A‖                     spectral and Frobenius; ‖Aᵀ‖_∞, the greatest sum of a column of A,
                                                is a letter of its own
    vector        ‖v‖, ‖vᵀ‖                      as matrices: (Σ v_i²)^(1/2), for infinity max |v_i| and Σ |v_i|
    right         ‖M ↦ MB‖ = ‖Bᵀ‖                the matrix is I ⊗ Bᵀ; Horn and Johnson, Topics (1991), 4.2
    rank          ‖A‖_F ≤ √r ‖A‖₂                r rows or columns: Σ of at most r squared singular values; for what
                                                the product rule does not reach, as diag(v) and I
    block         ‖(A_ik)‖ ≤ Σ ‖A_ik‖            triangle inequality: the sum of the blocks, each padded with zeros
    softmax       ‖diag(p) - p pᵀ‖ ≤ 1/2         row i has the sum 2 p_i (1 - p_i) of sizes; symmetric, so that the
                                                spectral norm is not more
    normalisation ‖(1/s) P‖ ≤ 1/s                P = I - 𝟏 𝟏ᵀ/n - y yᵀ/n is symmetric, its eigenvalues are 0, 1 and
                                                1 - yᵀ y/n, and yᵀ y ≤ n, 𝟏ᵀ y = 0; so with I - y yᵀ/n, and with
                                                I - y yᵀ where yᵀ y = 1; spectral, and so Frobenius by rank
    entrywise     ‖u ∘ v‖ ≤ sup |u| ‖v‖          entry by entry
    entries       |f'(x)| ≤ sup |f'|             over all real x, from certified extrema
"""

from __future__ import annotations

from symgrad.algebra import map_tree
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.index import symbols
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.calculus.closed_form import ClosedForm
from symgrad.errors import NotDefined, UnknownName
from symgrad.numbers.bound.assumptions import Assumptions
from symgrad.numbers.bound.norm_rules import NORMS, Rules
from symgrad.numbers.bound.size import Size


def bound(form: ClosedForm, known: Assumptions, norm: str = "spectral") -> Size:
    """Return an upper bound of a closed form's size; what is assumed is a size by name (``read_assumptions``).

    Raises UnknownName for a norm that there is not, and for an assumption on what the derivative does not read.

    >>> import symgrad as sg
    >>> from symgrad.numbers.bound.assumptions import read_assumptions
    >>> known = read_assumptions({"W": "lambda", "sigma'": "gamma"})
    >>> bound(sg.model("rnn").derivative("s[t]", "s[k]"), known)
    γ^(t-k) λ^(t-k)
    """
    if norm not in NORMS:
        raise UnknownName("norm", norm, NORMS)
    _check_indices(form)
    rules = Rules(form, known, norm)
    size = rules.bound()
    unused = [name for name in known if name not in rules.used]
    if unused:
        raise UnknownName("quantity of the derivative", unused[0], rules.seen)
    return size


def _check_indices(form: ClosedForm) -> None:
    """Refuse what has no rule: sums and products over an index inside an entry, an index as a number."""
    network = form.network
    ends = {network.depth_symbol, *network.depths}.union(*(s.free for s in network.ranges.values()))
    for x in (x for e in map_tree.expressions(form.map) for x in nodes(e)):
        if isinstance(x, IndexSum) or (isinstance(x, IndexNumber) and symbols((x.position,)) - ends):
            what = "an index as a number" if isinstance(x, IndexNumber) else "a sum or a product over an index"
            raise NotDefined(
                f"there is no rule for the size of {what}", todo="give the depth as a number, or a constant"
            )
