"""The laws that names stand for, and how their parameters are meant: N(μ, σ²) or N(μ, σ), Exp(rate) or Exp(mean)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from symgrad.audit.chance.laws.continuous import (
    Builder,
    beta,
    cauchy,
    chi_squared,
    exponential_by_mean,
    exponential_by_rate,
    gamma,
    gamma_by_scale,
    laplace,
    lognormal,
    normal,
    normal_by_deviation,
    normal_by_precision,
    pareto,
    student,
    uniform,
    weibull,
)
from symgrad.audit.chance.laws.discrete import (
    bernoulli,
    binomial,
    geometric,
    geometric_failures,
    hypergeometric,
    negative_binomial,
    negative_binomial_trials,
    poisson,
    uniform_integers,
)

COUNT, CHANCE, POSITIVE, REAL, WIDER, MARKED, DRAWN = "count", "chance", "positive", "real", "wider", "marked", "drawn"
"""What a parameter is: wider, above the one before; marked and drawn, of those that there are."""


@dataclass(frozen=True)
class Convention:
    """What makes a law of its parameters, in the order of ``order``; kinds: what each is; said: of an unusual one."""

    build: Builder
    kinds: tuple[str, ...]
    said: str = ""
    order: tuple[int, ...] = ()


_TWO = (POSITIVE, POSITIVE)
_VARIANCE = Convention(normal, (REAL, POSITIVE))
_DEVIATION = Convention(normal_by_deviation, (REAL, POSITIVE), "N(μ, σ) with the standard deviation")
_PRECISION = Convention(normal_by_precision, (REAL, POSITIVE), "N(μ, τ) with the precision")
_TRIALS = Convention(geometric, (CHANCE,))
_FAILURES = Convention(geometric_failures, (CHANCE,), "failures before the first success")
_RATE = Convention(exponential_by_rate, (POSITIVE,))
_MEAN = Convention(exponential_by_mean, (POSITIVE,), "the parameter as the mean")
_GAMMA = (Convention(gamma, _TWO), Convention(gamma_by_scale, _TWO, "the second parameter as the scale"))
_BETA = Convention(beta, _TWO)
_WEIBULL = tuple(
    Convention(weibull, _TWO, said, order)
    for said, order in (("", (0, 1)), ("the first parameter as the scale", (1, 0)))
)
_PARETO = (Convention(pareto, _TWO), Convention(pareto, _TWO, "the first parameter as the least value", (1, 0)))
_NEGATIVE = (
    Convention(negative_binomial_trials, (COUNT, CHANCE)),
    Convention(negative_binomial, (COUNT, CHANCE), "failures before the last success"),
    Convention(lambda r, p: negative_binomial_trials(r, 1 - p), (COUNT, CHANCE), "p as the probability of a failure"),
    Convention(lambda r, p: negative_binomial(r, 1 - p), (COUNT, CHANCE), "p as the probability of a failure"),
)
_OF_DRAWING = (COUNT, MARKED, DRAWN)
_HYPERGEOMETRIC = (
    Convention(hypergeometric, _OF_DRAWING),
    Convention(hypergeometric, _OF_DRAWING, "the parameters in another order", (0, 2, 1)),
    Convention(hypergeometric, _OF_DRAWING, "the parameters in another order", (2, 1, 0)),
    Convention(hypergeometric, _OF_DRAWING, "the parameters in another order", (1, 0, 2)),
    Convention(hypergeometric, _OF_DRAWING, "the parameters in another order", (1, 2, 0)),
    Convention(hypergeometric, _OF_DRAWING, "the parameters in another order", (2, 0, 1)),
    Convention(lambda m, w, k: hypergeometric(m + w, m, k), _OF_DRAWING, "marked ones, others and drawn ones"),
    Convention(lambda k, m, w: hypergeometric(m + w, m, k), _OF_DRAWING, "drawn ones, marked ones and others"),
)
_UNIFORM = Convention(uniform, (REAL, WIDER))
_INTEGERS = Convention(uniform_integers, (REAL, WIDER), "on integers")
_FIRST = Convention(lambda n: uniform_integers(n / n, n), (COUNT,), "on the first integers")

_NAMED: Mapping[str, tuple[Convention, ...]] = {
    "normal gauss gaussian norm n": (_VARIANCE, _DEVIATION),
    "normalvariance": (_VARIANCE,),
    "normaldeviation": (replace(_DEVIATION, said=""),),
    "normalprecision": (_PRECISION,),
    "binomial binom bin bi b bn": (Convention(binomial, (COUNT, CHANCE)),),
    "bernoulli bern ber be bernoullidist": (Convention(bernoulli, (CHANCE,)),),
    "poisson pois poi po p pn": (Convention(poisson, (POSITIVE,)),),
    "exponential exp expo expon e ex": (_RATE, _MEAN),
    "exponentialrate": (_RATE,),
    "exponentialmean": (replace(_MEAN, said=""),),
    "geometric geom geo g ge": (_TRIALS, _FAILURES),
    "geometrictrials": (_TRIALS,),
    "geometricfailures": (_FAILURES,),
    "negativebinomial negbinomial negbinom negbin nb nbin pascal bn": _NEGATIVE,
    "hypergeometric hypergeom hypergeo hypgeo hypgeom hg hyp h hyper": _HYPERGEOMETRIC,
    "uniform unif uni u": (_UNIFORM, _INTEGERS, _FIRST),
    "uniformintegers discreteuniform du discunif": (_INTEGERS, _FIRST),
    "beta be b": (_BETA,),
    "gamma gam ga g": _GAMMA,
    "gammarate": _GAMMA[:1],
    "gammascale": (replace(_GAMMA[1], said=""),),
    "chisquared chisq chisquare chi2 chi": (Convention(chi_squared, (POSITIVE,)),),
    "laplace lap": (Convention(laplace, (REAL, POSITIVE)),),
    "pareto par": _PARETO,
    "weibull weib wei w": _WEIBULL,
    "cauchy": (Convention(cauchy, (REAL, POSITIVE)),),
    "lognormal lognorm ln logn": (
        Convention(lognormal, (REAL, POSITIVE)),
        Convention(lambda m, s: lognormal(m, s * s), (REAL, POSITIVE), "with the standard deviation"),
    ),
    "student t tdist studentt": (Convention(student, (POSITIVE,)),),
}
LAWS: dict[str, tuple[Convention, ...]] = {}
for _names, _conventions in _NAMED.items():
    for _name in _names.split():
        LAWS[_name] = LAWS.get(_name, ()) + _conventions


def conventions(name: str, count: int) -> tuple[Convention, ...]:
    """Return what a name may stand for with so many parameters; nothing for a name that is not known.

    >>> [c.said for c in conventions("Exp", 1)]
    ['', 'the parameter as the mean']
    """
    if name.lower() in ("normal", "gauss", "gaussian", "n") and count == 0:
        return ()
    return tuple(c for c in LAWS.get(plain_name(name), ()) if len(c.kinds) == count)


def plain_name(name: str) -> str:
    r"""Return a name without its type: \mathcal{N} and Neg. Binomial.

    >>> plain_name(r"Neg. Binomial"), plain_name(r"\chi^2")
    ('negbinomial', 'chi')
    """
    return re.sub(r"[^a-z]", "", re.sub(r"\^\s*\{?2\}?", "", name.lower()).replace("χ", "chi").replace("γ", "gamma"))
