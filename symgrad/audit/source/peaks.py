r"""What words say of the steepest place of an activation: "the slope of the sigmoid peaks at 0.25"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.source.document import Excerpt

_FUNCTION = (
    r"(?:the )?(?:logistic |standard )?\$?\\?(?P<{0}>sigmoid|logistic|tanh|hyperbolic tangent|sigma(?![A-Za-z]))"
    r"(?:\([a-z]\))?\$?(?: function| activation| nonlinearity| curve)*"
)
_OF = r"(?:slope|derivative|gradient)s? of "
_VALUE = r"\s+\$?(?P<value>\d+\.\d+|\d+ ?/ ?\d+|[1-9]\d*)\$?(?!\s*(?:/|%|times|\\))(?!\d|\.\d)"
_PEAKS = re.compile(
    rf"(?:{_OF}{_FUNCTION.format('one')}|\$\\?(?P<prime>sigma|tanh)'(?:\([a-z]\))?\$)\s+"
    rf"(?:peaks at|peaks with|(?:has|reaches|attains) (?:a|its) (?:maximum|peak)(?: value)?(?: of| at)){_VALUE}",
    re.IGNORECASE,
)
_PEAK = re.compile(
    rf"\b(?:maximum|greatest|largest|maximal|peak)(?: value)?(?: of)? (?:the )?{_OF}{_FUNCTION.format('two')}\s+"
    rf"(?:is|equals|of){_VALUE}",
    re.IGNORECASE,
)
CALLED = {"sigmoid": r"\operatorname{logistic}", "logistic": r"\operatorname{logistic}", "sigma": r"\sigma"}
CALLED |= {"tanh": r"\tanh", "hyperbolic tangent": r"\tanh"}


def peaks(text: str) -> Iterator[Excerpt]:
    """Yield what words claim of the greatest slope of the sigmoid or of tanh, as a formula.

    >>> [f.text for f in peaks("The slope of the sigmoid peaks at 0.25, that of others at 1.")]
    ["\\\\max_x \\\\operatorname{logistic}'(x) = 0.25"]
    """
    for pattern in (_PEAKS, _PEAK):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            name = next(groups[k] for k in ("one", "prime", "two") if groups.get(k))
            formula = rf"\max_x {CALLED[name.lower()]}'(x) = {groups['value']}"
            yield Excerpt(found.start(), found.end(), formula, "table")
