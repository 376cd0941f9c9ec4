"""Activations in texts: their values by hand, their names as texts print them, and names with several definitions."""

from __future__ import annotations

import pytest

from symgrad.audit.audit import audit_text
from symgrad.audit.finding import Word
from symgrad.ops.elementwise import activations
from symgrad.ops.gated import MISH
from symgrad.reading.known import definitions, records

CLAIMS = r"""
\operatorname{SiLU}(2) = \frac{2}{1+e^{-2}}                         | confirmed
\mathrm{ELU}(-1) = e^{-1}-1                                         | confirmed
\text{softsign}(1) = 1/2                                            | confirmed
\operatorname{swish}(1) = 1/(1+e^{-1})                              | confirmed
softsign(1) = 0.5                                                   | confirmed
softsign(1) = 0.6                                                   | refuted
\text{softsign}(1) = 0.6                                            | refuted
\operatorname{SiLU}(2) = 1.8                                        | confirmed
\operatorname{SiLU}(2) = 1.9                                        | refuted
\operatorname{SELU}(1) = 1.0507                                     | confirmed
\operatorname{SELU}(-1) = -1.1113                                   | confirmed
\operatorname{SELU}(-1) = -1.7581                                   | refuted
\operatorname{mish}(1) \approx 0.8651                               | confirmed
\operatorname{Mish}(1) = \tanh(\ln(1 + e))                          | confirmed
\operatorname{softplus}(0) = \ln 2                                  | confirmed
\operatorname{softplus}'(0) = 1/2                                   | confirmed
\operatorname{hardtanh}(2) = 1                                      | confirmed
\operatorname{HardTanh}(0.5) = 0.25                                 | refuted
\text{ReLU6}(7) = 6                                                 | confirmed
relu6(7) = 7                                                        | refuted
hard_swish(1) = 2/3                                                 | confirmed
\operatorname{expit}(0) = 0.5                                       | confirmed
\operatorname{sigmoid}(0) = 0.4                                     | refuted
\operatorname{logistic}(0) = 1/2                                    | confirmed
\sigma(0) = 1/2                                                     | confirmed
\operatorname{ReLU}(-3) = 0                                         | confirmed
\operatorname{ReLU}(0) = 0                                          | confirmed
\operatorname{ReLU}(3) = 2                                          | refuted
\operatorname{GELU}(1) = 0.84134                                    | confirmed
\operatorname{GELU}(1) = 0.84119                                    | confirmed
\operatorname{GELU}(1) = 0.8                                        | confirmed
\operatorname{GELU}(1) = 0.95                                       | refuted
\operatorname{LeakyReLU}(-1) = -0.01                                | confirmed
\operatorname{LeakyReLU}(-1) = -0.2                                 | confirmed
\text{Leaky ReLU}(-1) = -0.3                                        | confirmed
\operatorname{LeakyReLU}(-1) = -0.05                                | not checkable
\operatorname{LeakyReLU}(2) = 2                                     | confirmed
\operatorname{LeakyReLU}(2) = 3                                     | refuted
\operatorname{LeakyReLU}_{0.05}(-1) = -0.05                         | confirmed
\operatorname{LeakyReLU}_{0.05}(-1) = -0.06                         | refuted
\operatorname{LeakyReLU}(-2, 0.1) = -0.2                            | confirmed
\operatorname{LeakyReLU}(-2, 0.1) = -0.4                            | refuted
\operatorname{LeakyReLU}_{\alpha}(-2) = -0.4                        | not checkable
\mathrm{PReLU}(3) = 3                                               | confirmed
\operatorname{ELU}_{2}(-1) = 2(e^{-1} - 1)                          | confirmed
\operatorname{ELU}(-1) = -0.3                                       | not checkable
\operatorname{ELU}(1) = 2                                           | refuted
\operatorname{HardSigmoid}(1) = 2/3                                 | confirmed
\operatorname{HardSigmoid}(1) = 0.7                                 | confirmed
\operatorname{HardSigmoid}(1) = 0.9                                 | refuted
\operatorname{SiLU}'(x) = \sigma(x) + x\,\sigma(x)(1-\sigma(x))     | confirmed
\operatorname{SiLU}'(x) = \sigma(x) + x\,\sigma(x)(1+\sigma(x))     | refuted
\operatorname{softplus}'(x) = \sigma(x)                             | confirmed
\mathrm{mish}(x) = x\tanh(\mathrm{softplus}(x))                     | confirmed
\mathrm{GELU}(x) = x\Phi(x)                                         | confirmed
\int_0^1 \mathrm{softplus}(x)\, dx = 0.98                           | confirmed
|\operatorname{softsign}'(x)| < 1                                   | refuted
|\operatorname{softsign}'(x)| \leq 1                                | confirmed
\operatorname{softsign}(x) = 1.2                                    | impossible
\operatorname{hardtanh}'(x) = 1.5                                   | impossible
c-elu(1) = 2                                                        | not checkable
"""
ROWS = [tuple(part.strip() for part in line.rsplit("|", 1)) for line in CLAIMS.strip().splitlines()]


def judged(claim: str) -> list[str]:
    found = audit_text("notes.md", f"We have ${claim}$.", everything=True, timeout=20)
    return [str(f.word) for f in found.findings]


@pytest.mark.parametrize(("claim", "word"), ROWS)
def test_a_claim_about_an_activation(claim: str, word: str) -> None:
    assert judged(claim) == [word]


def test_the_mean_of_words_is_kept() -> None:
    """A word that is the name of an activation and has no argument is a word."""
    text = "The ReLU activation and softplus are used; $\\text{ReLU}$ has $n = 3$ units, and swish is smooth."
    assert not [f for f in audit_text("a.md", text, everything=True).findings if f.word is Word.REFUTED]


@pytest.mark.parametrize("f", activations(), ids=lambda f: f.name)
def test_every_name_of_a_record_is_read_as_the_record(f) -> None:  # type: ignore[no-untyped-def]
    for word in f.spellings:
        assert any(f in records(name) for name in definitions(word)), word


def test_a_record_that_is_registered_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from symgrad.ops.elementwise import ELEMENTWISE

    assert judged(r"\operatorname{Phish}(1) = 0.9") == ["not checkable"]
    monkeypatch.setitem(ELEMENTWISE, "phish", replace(MISH, name="phish", text="Phish", aliases=()))
    assert judged(r"\operatorname{Phish}(1) = 0.8651") == ["confirmed"]
    assert judged(r"\operatorname{Phish}(1) = 0.7") == ["refuted"]
