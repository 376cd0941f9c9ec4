"""What the words around a formula say: that it is wrong, a question, a condition, or about another mathematics."""

from __future__ import annotations

import re

from symgrad.audit.finding import Passage
from symgrad.audit.words.options import is_option

NEAR = 160
"""Characters before a formula that are read."""
SMALL = 100
"""Calculations with integers below it may be meant in residues, bits or sets."""
_WRONG = re.compile(
    r"\b(false|wrong|incorrect|incorrectly|mistake|mistaken|erroneous|fallacy|contradiction|absurd|impossible|"
    r"not true|not equal|which of|true or false|true ?/ ?false|spot the error|find the error|naive|naively|paradox|"
    r"(?:student|pupil|somebody|someone|he|she|they) (?:wrote|writes?|answers?|answered|claims?|claimed)|"
    r"(?:student|pupil)s? (?:calculate|compute|evaluate|solve|say|argue|think|conclude|find|get|obtain)(?:s|d|ed)?|"
    r"(?:student|pupil)s? (?:said|thought|found|got))\b",
    re.IGNORECASE,
)
_WRONG_ABOVE = re.compile(
    r"\b(bogus|fallac\w+|true or false|true ?/ ?false|spot the error|find the (?:error|mistake)|multiple choice|"
    r"which (?:one )?of the following|"
    r"avgjør om|avgör om|afgør om|sann eller usann|sant eller falskt|påstandene?|"
    r"(?:circle|select|mark|choose|tick|check|identify|determine|decide)[^.!?\n]{0,40}\b(?:true|correct|false|valid|hold))\b",
    re.IGNORECASE,
)
"""Said above, of all that follows in the paragraph or in a list."""
_IRREAL = re.compile(r"\b(what if)\b|\bif\b.*\b(were|would)\b", re.IGNORECASE | re.DOTALL)
_TESTED = re.compile(
    r"[^.!?]{0,100}?\b(not\W+(?:independent|orthogonal|perpendicular|collinear|equal|the same)|dependent)\b"
    r"(?! variable)",
    re.IGNORECASE,
)
"""What the words behind an equation find, which was to be tested."""
_ASKED = re.compile(r"\b(?:is|are|do|does|was|were|can|could|will) [^.!?]*\?\s", re.IGNORECASE)
"""A question to be answered by yes or no."""
_ASKS = re.compile(
    r"\b(?:why|is|are|does|do|don['’]t|can|could|would|should|what|how|whether)\b[^.!?]*\Z", re.IGNORECASE
)
_ENDS_IN_A_QUESTION = re.compile(r"[^.!?$\n]{0,40}\?")
"""A question in whose words a formula stands."""
_DOUBTED = re.compile(
    r"\W*[^.!?$\n]{0,40}\b((?:is|are|was|were) [^.!?$\n]{0,60}?\b(?:correct|right|true|valid))\?", re.IGNORECASE
)
"""A question behind a claim."""
_CALLED_WRONG = re.compile(
    r"[^.!?\n$]{0,40}?\b(false|wrong|incorrect|erroneous|not true|a (?:mistake|fallacy)|absurd|impossible|"
    r"fails|failed|is violated|fatal|forbidden|nonsens\w+|illegal|flaw(?:ed)?)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b((?:is|are) not|ist nicht|n'est pas|no es|não é)[\s$:]*(?:\\\[\s*)?\Z", re.IGNORECASE)
"""Words right before what is not so."""
_ELSEWHERE = re.compile(
    r"(错误|不成立|不正确|有误|矛盾|誤り|間違|오류|모순|틀린|ошиб\w*|неверн\w*|противореч\w*|\b(?:hata\w*|yanlış\w*|çelişki\w*|"
    r"falsch\w*|Fehler\w*|Widerspr\w*|fauss?e?s?|erreurs?|incorrecte?s?|contradict\w*|errore?s?|incorrect[oa]s?|fals[oa]s?|"
    r"sbagliat\w*|errad[oa]s?|equivocad[oa]s?|błęd\w*|chyb\w*|onjuist\w*))",
    re.IGNORECASE,
)
"""Words for an error in other languages, in the paragraph of a formula."""
_NEXT_SENTENCE = re.compile(
    r"[.!]\s+[^.!?\n$]{0,40}?\b(fatal|forbidden|absurd\w*|nonsens\w+|fallac\w+|impossible|illegal|fails|"
    r"does not hold|is not (?:met|satisfied)|violat\w+)\b"
)
"""What the sentence behind a claim begins with."""
_CALLED_WRONG_IN_ITS_ROW = re.compile(
    r"[^\n]*\|[^\n|]*\b(printed wrongly|violat(?:ed|ion|es)|fails|not (?:satisfied|met))\b", re.IGNORECASE
)
"""A cell of the same row of a table says so."""
_HEDGE = re.compile(
    r"\b(if|when|whenever|suppose|assume|assuming|let(?!['’]?s\b| us\b)|solve|"
    r"(?<!\bwe )(?<!\bwe can )(?<!\bus )(?<!\blet['’]s )find|where|such that|"
    r"condition|consider|require|requires|needs?|"
    r"unless|equation|setting|set|choose|for which|provided|(?:exercise|problem|question) \d+)\b",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"\b[Tt]hen\b|[,;:]\s*(?:and\s+)?(?:(?:so|thus|hence|therefore)\b(?!\s+that)|we (?:have|get|obtain)\b|"
    r"(?:which )?(?:gives|yields|implies)\b)"
)
"""Words behind which a consequence stands, whatever is supposed before them."""
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[a-zA-Z]+\*?\}")
_TRUE_WHEN = re.compile(
    r"[^.!?\n]{0,30}?\b(true|satisfied|holds?|valid|the case|possible)\s+(?:only|precisely|exactly)?\s*"
    r"(?:when|if|iff)\b"
)
"""Words behind an equation that is to be solved."""
_NEARBY = re.compile(r"\b(?:near|around|about|close to|in the neighbou?rhood of)\W*\Z", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(suppose|assume|assuming|if)(?: that)?\s*\Z", re.IGNORECASE)
OTHER = re.compile(
    r"\b(modulo|[pq\d]-adic|ideals?|Legendre|Jacobi symbol|Boolean|tropical|semiring|hexadecimal|octal|residues?|"
    r"congruen\w+|continued fractions?|integer division|floor division|left to right|clock arithmetic|cosets?|"
    r"quotient ring|nimbers?|surreal|in base \d+|two['’]s[- ]complement)\b|"
    r"\bGF\s*\(|同余|有限域|陪集|剩余类|補数|(\\p?mod\b|\\bmod\b|\\mathbb\s*\{?[ZF]\}?\s*(?:/|_))"
)
"""Words of mathematics in which 1 + 1 need not be 2."""
ALGEBRA = re.compile(
    r"\\mathbb\s*\{?[ZF]\}?\s*(?:_|/)|\\leg\b|\\(?:char|Gal|Aut)\b|\b(?:characteristic \$?[p\d]|finite fields?|"
    r"irreducible|quotient (?:fields?|rings?|groups?)|(?:homo|iso|auto)morphi\w+|normal subgroups?|cosets?|"
    r"integral domains?|ideals?|permutations?|abelian)\b"
)
"""Words of abstract algebra; a text that has several is about elements that need not be numbers."""
MANY = 3
_OF_REALS = re.compile(
    r"\d\.\d|\\approx|≈|π|\\(?:pi|sin|cos|tan|exp|ln|log|int|partial|sigma|sum)(?![A-Za-z])|\\frac\s*\{\s*d"
)
_PERHAPS_OTHER = re.compile(r"\b(binary|bits?|XOR|(?:sub)?groups?|rings?|fields?|mod|logic\w*|sets?)\b", re.IGNORECASE)
_INTEGERS = re.compile(r"[^.\d]*(?:\d{1,2}(?![\d.]*\d)[^.\d]*)+")


_BREAK = re.compile(r"\n\s*\n")
_QUOTED = re.compile(r"[\"“„«”'`’]\$?\Z")
_UNQUOTED = re.compile(r"\s*[.,;!?]?[\"“”»'’]")
_CLAIM = re.compile(r"\b(Claim|Conjecture)\b[^.!?]{0,12}[.:]?[^.!?]{0,80}\Z")
_NO_PROOF = re.compile(
    r"\b(?:proposed|attempted|alleged|supposed|purported|flawed|false|bogus|student's?|incorrect|faulty)\W+(?:\w+\W+)?proof\b"
    r"|[\"“”'`]+proof\b|\b(?:flaw|what is wrong|where is the (?:error|mistake))\b",
    re.IGNORECASE,
)
"""Behind a claim: its proof is to be found wrong."""


def told_wrong(passage: Passage) -> str:
    """Return why a passage is no claim of its author, or nothing."""
    after = _CALLED_WRONG.match(passage.after) or _NEXT_SENTENCE.match(passage.after)
    after = after or _CALLED_WRONG_IN_ITS_ROW.match(passage.after) or _DOUBTED.match(passage.after)
    sentence = _sentence(passage.before)
    found = (
        _WRONG.search(sentence)
        or _IRREAL.search(sentence)
        or _DENIED.search(sentence)
        or _WRONG_ABOVE.search(passage.before)
        or after
    )
    if found:
        return f"the text says “{next(filter(None, found.groups())).lower()}”"
    paragraph = _BREAK.split(passage.before[-NEAR:])[-1], _BREAK.split(passage.after[:SMALL])[0]
    if said := next(filter(None, map(_ELSEWHERE.search, (*paragraph, _above(passage.before)))), None):
        return f"the text says “{said[0].lower()}”"
    if _QUOTED.search(passage.before) and _UNQUOTED.match(passage.after):
        return "it stands in quotation marks"
    if _CLAIM.search(passage.before) and _NO_PROOF.search(passage.after):
        return "perhaps a claim whose proof has a flaw"
    if _ASKED.search(passage.before[-NEAR:]) and _TESTED.match(passage.after):
        return "perhaps an equation to be tested"
    if _ASKS.search(sentence) and _ENDS_IN_A_QUESTION.match(passage.after):
        return "the sentence asks"
    return "perhaps one of several answers" if is_option(passage) else ""


def hedged(passage: Passage) -> str:
    """Return why a passage may be a condition or a question, or nothing."""
    sentence = _ENVIRONMENT.sub("", _sentence(passage.before))
    found = _HEDGE.search(_FOLLOWS.split(sentence)[-1])
    if found is None and (when := _TRUE_WHEN.match(passage.after)):
        return f"an equation that is {when[1].lower()} under a condition"
    return f"a condition or a question: “{found[0].lower()}”" if found else ""


def supposed(passage: Passage) -> str:
    """Return why a passage is what the text supposes, or nothing: "suppose 3 = 4"."""
    found = _SUPPOSED.search(passage.before)
    return f"the text says “{found[1].lower()}”" if found else ""


def other_mathematics(passage: Passage) -> str:
    """Return why a passage may be about residues, bits or the like, or nothing.

    >>> from symgrad.audit.finding import Place
    >>> other_mathematics(Passage("1 + 1 = 10", Place("notes.md", 1), before="In binary, "))
    'the text speaks of “binary”'
    """
    subject = dict(passage.known).get("subject", "")
    found = OTHER.search(passage.before) or OTHER.search(passage.after[:SMALL]) or OTHER.search(passage.text)
    integers = bool(_INTEGERS.fullmatch(passage.text))
    if found is None and integers:
        found = _PERHAPS_OTHER.search(passage.before[-NEAR:])
    said = (found[1] or found[0]) if found else subject if integers else ""
    if not said and not _OF_REALS.search(passage.text):
        said = dict(passage.known).get("algebra", "")
    return f"the text speaks of “{said}”" if said else ""


def is_near(passage: Passage) -> bool:
    """Tell whether a passage is a place near which something holds, and no value: "near x = 0"."""
    return _NEARBY.search(passage.before) is not None


def _above(before: str) -> str:
    """Return the paragraph above a display, where nothing else stands between: it says what the display is."""
    above = before.rstrip(" \n\t$[\\")
    return _BREAK.split(above)[-1][-NEAR:] if "\n" in before[len(above) :] else ""


def _sentence(before: str) -> str:
    """Return the end of the last sentence before a formula."""
    return re.split(r"[.!?]\s|\n\s*\n", before[-NEAR:])[-1]
