"""Rules: the named moves of a derivation. A rule is data; the evidence of a step does not rest on its name."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.errors import UnknownName


@dataclass(frozen=True)
class Rule:
    """A named move, and what it says in one line."""

    name: str
    statement: str


RULES = {
    rule.name: rule
    for rule in (
        Rule("definition", "an equation of the network, or a name that is introduced"),
        Rule("linear term", "d(W x + b) = dW x + W dx + db"),
        Rule("product of quantities", "d(u v) = du v + u dv"),
        Rule("elementwise function", "the Jacobian of y_i = f(x_i) is diag(f'(x_i)); for numbers it is f'(x)"),
        Rule("entry by entry", "(A B)_ik = Σ_l A_il B_lk; diag(v)_ik is v_i for i = k, and 0 otherwise"),
        Rule("partial derivative", "the derivative of one equation, all else that it reads held fixed"),
        Rule("chain rule", "∂z/∂x = ∂z/∂y ∂y/∂x"),
        Rule("sum over paths", "the derivative is the sum, over all paths, of the products along each"),
        Rule("product over layers", "∂s_t/∂s_k = ∏_{j=k+1}^{t} ∂s_j/∂s_{j-1}, by induction over t"),
        Rule("sum over time", "a parameter that every step shares acts at every step: the sum over k = 1..t"),
        Rule("substitution", "equals are put in for equals"),
        Rule("first order", "Δy ≈ ∂y/∂x Δx: the error, divided by Δx, tends to 0"),
        Rule("telescoping", "neighbours in a sum or product cancel"),
        Rule(
            "mean of independent quantities", "E[x y] = E[x] E[y] where x and y are independent; E[x + y] = E[x] + E[y]"
        ),
        Rule("Gaussian integral", "E[h(z)] = ∫ h(z) e^(-z²/2) / √(2π) dz, for z with mean 0 and variance 1"),
        Rule("integration by parts", "E[u g(u)] = q E[g'(u)] where u is normal with mean 0 and variance q"),
        Rule("norm submultiplicativity", "‖A B‖ ≤ ‖A‖ ‖B‖"),
        Rule("triangle inequality", "‖A + B‖ ≤ ‖A‖ + ‖B‖"),
        Rule("bound on the slope", "|σ'(z)| ≤ γ for all z"),
        Rule("product of bounds", "0 ≤ u ≤ p and 0 ≤ v ≤ q give u v ≤ p q"),
        Rule("algebra", "an identity of real numbers"),
        Rule("calculus", "an identity of real functions and their derivatives"),
        Rule("extremum", "the slope is 0 at an extremum inside the domain"),
        Rule("series", "Taylor's series"),
        Rule("limit", "what a quantity tends to"),
        Rule("induction", "it holds at first, and if it holds at one step then at the next"),
        Rule("exact arithmetic", "computed with exact rational numbers"),
        Rule("numerical enclosure", "computed in balls that hold the exact value"),
    )
}


def rule(name: str) -> Rule:
    """Return a rule by its name.

    >>> rule("chain rule").statement
    '∂z/∂x = ∂z/∂y ∂y/∂x'
    """
    if name not in RULES:
        raise UnknownName("rule", name, RULES)
    return RULES[name]
