"""Entries with one step broken - a sign, an index, a prime, a bound: the step, and so the entry, must not pass."""

import json
from dataclasses import replace
from functools import cache

import pytest

from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data

MUTANTS = [
    # entry, what stands in the claim of a step (its first), what is put there
    ("chain", '["Quantity", "w", 2]', '["Quantity", "w", 3]'),  # an index
    ("chain", '"sigma", "slope"', '"sigma", "function"'),  # a prime
    ("chain", '"Product", "j", 2', '"Product", "j", 1'),  # where a product begins
    ("chain", "logistic(z)*(1 - logistic(z))", "logistic(z)*(1 + logistic(z))"),  # a sign
    ("chain", '"value": "1/4"', '"value": "1/5"'),
    ("chain", "abs(w*logistic'(z))", "abs(w*logistic(z))"),  # a prime
    ("chain", '"1/16"', '"1/17"'),
    ("chain", "D*4**(-L)", "D*4**(-L-1)"),  # a bound
    ("exploding", "-100*a_0", "100*a_0"),
    ("exploding", "100*sigma'(0)", "100*sigma(0)"),
    ("exploding", '"15625"', '"15624"'),
    ("exploding", "(100/4)**(L - k)", "(100/4)**(L - k + 1)"),
    ("unstable", "(log(u) + log(v))/2", "(log(u) - log(v))/2"),
    ("unstable", "log(c**n)/n", "log(c**n)"),
    ("unstable", "exp(-g*n)", "exp(g*n)"),
    ("unstable", "2.65614e-5", "2.65613e-5"),
    ("backpropagation", "W_ki", "W_ik"),  # a missing transpose
    ("backpropagation", "g_i*sigma'(z_i)", "g_i*sigma(z_i)"),
    ("backpropagation", "a_k*delta_i", "a_k"),
    ("deep-linear", '["Matrix", ["Quantity", "W", 1]]', '["Matrix", ["Quantity", "W", 2]]'),
    ("deep-linear", '"Product", "l", 1', '"Product", "l", 2'),
    ("deep-linear", "2.6e26", "3.7e26"),
    ("deep-linear", "0.6*0.6 + 0.6*0.6", "0.6*0.6 - 0.6*0.6"),
    ("deep-linear", "0.6*1.2**(L - 1)", "0.6*0.9**(L - 1)"),
    ("rnn", '["Matrix", ["Quantity", "W", null]]', '["Matrix", ["Quantity", "U", null]]'),
    ("rnn", '"Product", "j", ["Index", "k", 1]', '"Product", "j", ["Index", "k", 0]'),
    ("rnn", '"3*x^2"', '"3*y^2"'),
    ("rnn", "sigma'(a_i)", "sigma(a_i)"),
    ("rnn", "sigma'(a_i)*W_ik", "sigma'(a_k)*W_ik"),  # an index
    ("rnn", "logistic(a)*(1 - logistic(a))", "a*(1 - a)"),
    ("rnn", "1 - tanh(a)^2", "1 + tanh(a)^2"),
    ("rnn", "(gamma*lambda)**(t - k)", "(gamma*lambda)**(t - k + 1)"),  # a bound
    ("rnn", "(lambda/4)**(t - k)", "(lambda/5)**(t - k)"),
    ("residual", '["Scale", ["Quantity", "w", ["Index", "j", 0]]]', '["Scale", ["Quantity", "w", ["Index", "j", -1]]]'),
    ("residual", "+ u_2*u_3", "- u_2*u_3"),
    ("residual", "1 - c", "1 + c"),
    ("residual", "(1 - c)**(n + 1)", "(1 - c)**n"),
    ("residual", "(1 + c/4)**L", "(1 + c/5)**L"),
    (
        "lstm",
        '["Diagonal", ["Quantity", "f", ["Index", "j", 0]]]',
        '["Diagonal", ["Quantity", "i", ["Index", "j", 0]]]',
    ),
    ("lstm", "r**(t - k)", "r**(t - k + 1)"),
    ("lstm", '["Matrix", ["Quantity", "U_g", null]]', '["Matrix", ["Quantity", "U_f", null]]'),
    ("gru", '["Diagonal", ["Quantity", "u", ["Index", "j", 0]]]', '["Diagonal", ["Quantity", "r", ["Index", "j", 0]]]'),
    ("gru", '"tanh", "slope"', '"tanh", "function"'),
    ("window", "sigma'(z)", "sigma(z)"),  # a prime
    ("window", "sigma'(z)", "2*sigma'(z)"),  # a bound
    ("window", "abs(w)/4", "abs(w)/5"),
    ("window", "-(u^2 - (w - 2)*u + 1)", "(u^2 - (w - 2)*u + 1)"),  # a sign
    ("window", "u + 1)/(1 + u)^2", "u + 1)/(1 + u)"),  # an exponent
    ("window", "(w*(1 - sqrt(1 - 4/w))/2 - 1)", "(w*(1 - sqrt(1 - 4/w))/2 + 1)"),
    ("window", '"low": {"text": "-log', '"low": {"text": "log'),
    ("window", "-b/w - log", "b/w - log"),
    ("window", "2/abs(w)*log", "1/abs(w)*log"),
    ("window", "2*sinh(z)", "2*cosh(z)"),
    ("window", "(1 - z*tanh(z/2))", "(1 + z*tanh(z/2))"),
    ("window", "6.894151032272928014212", "6.894151032272928014211"),  # one digit
    ("window", "0.4477432046943028491", "0.4477432046943028490"),
    ("window", '"maximum"', '"minimum"'),
    ("identity-neuron", "w_1/2", "w_1"),
    ("identity-neuron", "-1/48", "1/48"),
    ("identity-neuron", "(2/w_1 - 1/2)", "(2/w_1 + 1/2)"),
    ("identity-neuron", "u^3/48", "u^3/49"),
    ("identity-neuron", "w_1^2/96", "w_1^2/97"),
    ("identity-neuron", "1/96", "1/48"),
    ("identity-neuron", "0.0101626751926", "0.0101626751927"),
    ("identity-neuron", "1.2086771916", "1.2086771946"),
    ("identity-neuron", "5.6476435659624458", "5.6476435659624459"),
    ("identity-neuron", "0.0560503844411", "0.0560503844412"),
    ("identity-neuron", '"0.714014425220870875509606191021", ', ""),  # one point of alternation less
    ("activations", "logistic'(z)", "logistic(z)"),
    ("activations", "cosh(y)^2*tanh'(z)", "cosh(y)*tanh'(z)"),
    ("activations", "0.89548640938860569836", "0.89548640938860569837"),
    ("activations", "17159/15000*tanh'(2*z/3)", "17159/10000*tanh'(2*z/3)"),
    ("activations", "relu'(z)", "relu(z)"),
    ("activations", '"elu\'(z)"', '"selu\'(z)"'),
    ("activations", '"text": "-log(w)"', '"text": "log(w)"'),
    ("activations", "1.7580993408473769", "1.7580993408473768"),
    ("activations", "-silu'(-z)", "silu'(-z)"),
    ("activations", "(2 - z^2)", "(1 - z^2)"),
    ("activations", "exp(-1)/sqrt(pi)", "exp(-1)/sqrt(2*pi)"),
    ("activations", "1.4185040087908283555", "1.4185040087908283554"),
    ("initialisation", "s + v*x", "s + 2*v*x"),
    ("initialisation", '"text": "0"', '"text": "1"'),
    ("initialisation", "(n + 1)*v*x", "(n + 2)*v*x"),
    ("initialisation", "n*v*x + c", "n*v*x"),
    ("initialisation", "n*(1/n)*x", "n*(2/n)*x"),
    ("initialisation", '"together": [["S", "x_1"]]', '"together": [["S", "w"]]'),  # a weight that depends on the sum
    ("initialisation", "m*v*g*h", "m*v*g"),  # a slope
    ("initialisation", "2/(n + m)", "1/(n + m)"),
    ("initialisation", "w^3/3", "w^2/2"),
    ("initialisation", "a^2/3", "a^2/12"),
    ("initialisation", "sqrt(6/(n + m))", "sqrt(3/(n + m))"),
    ("initialisation", "relu(sqrt(q)*z)^2", "relu(q*z)^2"),
    ("initialisation", "relu'(sqrt(q)*z)", "relu(sqrt(q)*z)"),  # a prime
    ("initialisation", "(1 + alpha^2)*q/2", "(1 - alpha^2)*q/2"),
    ("initialisation", "2/((1 + alpha^2)*n)", "2/((1 + alpha)*n)"),
    ("initialisation", "0.0589", "0.0588"),
    ("criticality", "alpha*(exp(1/2)", "alpha*(exp(1)"),
    ("criticality", "1.6732632423543772848170429916717", "1.6732632423543772848170429916718"),  # one digit
    ("criticality", "0.9058196116985816430731424532975391897109", "0.9058196116985816430731424532975391897108"),
    ("criticality", "1.0507009873554804934193349852946", "1.0507009873554804934193349852947"),
    ("criticality", "(z^2 - 1)/2", "(z^2 + 1)/2"),
    ("criticality", "1.07157499246", "1.07157499247"),
    ("criticality", "v*h*g", "v*h^2*g"),
    ("criticality", "0.394294490397841174416460", "0.394294490397841174416461"),
    ("criticality", "0.464402902448268241972021", "0.464402902448268241972022"),
    ("criticality", "1.59253741972", "1.59253741973"),
    ("criticality", "25/9*tanh(", "16/9*tanh("),
    ("criticality", "0.651347047693", "0.651347047694"),
    ("criticality", "1.20983132", "1.20983133"),
    ("criticality", "0.9999972559", "0.9999972558"),
    ("criticality", "1.7159047086", "1.7159047085"),
    ("criticality", "0.570047881640764149990155575920", "0.570047881640764149990155575922"),
    ("criticality", "1.760954639606739131631552", "1.760954639606739131631553"),
    ("criticality", "4/(pi*sqrt(1 + 4*q))", "4/(pi*sqrt(1 + 2*q))"),
    ("criticality", "-2*q/(1 + 2*q)", "2*q/(1 + 2*q)"),  # a sign
    ("criticality", "2/pi*atan(2*q/sqrt(1 + 4*q))", "2/pi*atan(q/sqrt(1 + 4*q))"),
]


@cache
def data_of(name):
    """The derivation of an entry as data; that each of its steps passes, test_catalogue checks."""
    return to_data(catalogue()[name].derivation())


def broken(name, stands, put):
    """An entry with one step broken, and the number of that step."""
    data = data_of(name)
    claims = [json.dumps(step["claim"], ensure_ascii=False) for step in data["steps"]]
    number = next(n for n, claim in enumerate(claims) if stands in claim)
    step = {**data["steps"][number], "claim": json.loads(claims[number].replace(stands, put, 1))}
    return from_data({**data, "steps": [*data["steps"][:number], step, *data["steps"][number + 1 :]]}), number


@pytest.mark.parametrize(("name", "stands", "put"), MUTANTS, ids=lambda x: x or "nothing")
def test_a_broken_step_is_found(name, stands, put):
    derivation, number = broken(name, stands, put)
    step = derivation.steps[number].checked()
    assert not step.evidence.verdict.passes, str(step.evidence)


def test_an_entry_with_a_broken_step_does_not_pass():
    mutant, number = broken("exploding", "-100*a_0", "100*a_0")
    derivation = catalogue()["exploding"].derivation().checked()
    assert derivation.verdict.passes
    steps = (*derivation.steps[:number], mutant.steps[number].checked(), *derivation.steps[number + 1 :])
    assert not replace(derivation, steps=steps).verdict.passes
