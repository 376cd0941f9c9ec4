r"""The words and signs between two formulas, of which the second may be the answer to the first: \implies, "gives"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGN = re.compile(
    r"\\(?:implies|iff|Rightarrow|Longrightarrow|Leftrightarrow|Longleftrightarrow|therefore)(?![A-Za-z])|[⟹⇒⇔⟺∴]"
)
_ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?|\\cr(?![a-z])")
_MARKUP = re.compile(
    r"\\(?:text|textrm|mbox|mathrm|textbf|textit|intertext)\s*\{([^{}]*)\}|\\(?:begin|end)\s*\{[a-z]+\*?\}(?:\[\w\])?|"
    r"\\(?:q?quad|left\b\.?|right\b\.?|[,;:! ])|[$&{}~*]|\\[()\[\]]"
)
_THAT_IS = re.compile(
    r"\b(?:ou seja|isto é|es decir|o sea|c['’]est[- ]à[- ]dire|soit|"
    r"das hei(?:ß|ss)t|d\. ?h\.|cioè|ossia|vale a dire)(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


THEN = _set(
    "gives give giving yields yield yielding implies imply implying so hence thus therefore then get obtain find "
    "means mean deduce conclude also folglich daher somit liefert ergibt donc alors entonces luego portanto logo então"
)
HAS = _set(
    "solution solutions root roots zero zeros zeroes lösung lösungen nullstelle nullstellen solution racine racines "
    "solución soluciones raíz raíces solução soluções raiz raízes"
)
ARE = _set("is are ist sind lautet lauten est sont es son é são")
AT = _set("at when vanishes bei für quando cuando quand")
OR = _set("or and oder und ou et o y e u")
CRITICAL = _set("critical stationary point points")
FILL = _set(
    "which this we it that us the a an has have having with two three both real distinct exactly only unique general "
    "its are is namely general immediately directly easily man wir hat die der das eine zwei genau reelle reellen "
    "i know now follows it can "
    "also on nous a la le les deux tiene tem as os by given equation follows"
)
PARTIAL = _set(
    "positive negative integer rational smallest largest particular trivial nontrivial one first other another obvious "
    "nonzero approximate numerical positive principal"
)
ALL = _set("the two three both only unique exactly die zwei les deux las los dos as os duas genau")
PLURAL = _set("solutions roots zeros zeroes lösungen nullstellen racines soluciones raíces soluções raízes")
_LEAD = re.compile(
    r"\b(?:solutions?|roots?|zero(?:e?s)?|Lösung(?:en)?|Nullstellen?|racines?|soluci(?:ón|ones)|raí(?:z|ces|zes)|"
    r"soluç(?:ão|ões)) "
    r"(?:(?:of|to|for|von|der|de|da|del|des|do|the|la|l'|a|as|os)\s*)+"
    r"(?:(?:characteristic|quadratic|cubic|linear|differential|initial value|auxiliary|system|quadratischen)\s*)*"
    r"(?:equations?|polynomial|function|problem|system|recurrence|Gleichung|Funktion|[ée]quation|ecuación|equação|of|"
    r"linear|equations|\s)*\s*\Z",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:since|because|from|if|when|solving|by|wegen|aus|weil|wenn|puisque|comme|como)\W*\Z", re.I)
_OF = re.compile(
    r"\s*(?:is|are) (?:(?:a|an|one|the|both|only|two|real) )*(?:solutions?|roots?|zero(?:e?s)?) (?:of|to) "
    r"(?:the )?(?:(?:quadratic|cubic|differential|linear|characteristic) )?(?:equation |polynomial |system )?\s*|"
    r"\s*(?:solves|satisf(?:y|ies)) (?:the )?(?:(?:differential|quadratic) )?(?:equation |system )?\s*",
    re.IGNORECASE,
)
_EXCUSES = re.compile(
    r"\b(try|trying|tries|tried|trial|guess\w*|ansatz|assum\w*|suppos\w*|initial(?:ly)? (?:guess|approx\w*|estimate)|"
    r"initializ\w*|iterat\w*|Newton\w*|secant|bisection|start(?:s|ing)?|step size|checks?|checking|test\w*|verif\w*|"
    r"modulo?|not|no|cannot|never|neither|nor|none|extraneous|spurious|reject\w*|discard\w*|except|unless|estimat\w*|"
    r"approximat\w*|interchang\w*|swap\w*|exchang\w*|switch\w*|inverse|perturb\w*|leading order|would|might|"
    r"candidates?|claims?|instead|differs?|nicht|kein\w*|probe|raten|ansatz|näherung\w*|pas|ne|não|nunca|"
    r"matrix|matrices|vectors?|sets?|mod|differentiat\w*|derivatives?|integer division|rounded|remainder|"
    r"ignor\w*|neglect\w*|small|large)\b|"
    r"\\p?mod\b|\\bmod\b|\\neq?\b|≠|\\not\b|n't\b|n’t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Joint:
    """What stands between two formulas.

    kind: "then", "row", "has", "are", "at", "of", "or", or nothing. whole: the words speak of all solutions.
    signs: a sign or a row of a display says it, and no words. noun: nothing but "roots" does, which may be counted.
    """

    kind: str = ""
    whole: bool = False
    signs: bool = False
    noun: bool = False


NOTHING = Joint()


def joint(between: str, beside: bool = True) -> Joint:
    r"""Return what the text between two formulas makes of the second; beside: they are parts of one.

    >>> joint(r" \\implies ").kind, joint(" has the two roots ").whole, joint(r" \\\\ &").kind, joint(" while ").kind
    ('then', True, 'row', '')
    """
    if _SIGN.search(between):
        rest = _MARKUP.sub(r" \1 ", _ROW.sub(" ", _SIGN.sub(" ", between)))
        return Joint("then", signs=True) if not _WORD.search(rest) else NOTHING
    plain = _THAT_IS.sub(" so ", _MARKUP.sub(r" \1 ", _ROW.sub(" ", between)))
    if _OF.fullmatch(" ".join(plain.split()) + " "):
        return Joint("of")
    words = [w.lower() for w in _WORD.findall(plain)]
    if re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[\s,;:.]|\\[lv]or\b|\\vee\b|∨", "", plain):
        return NOTHING
    if not beside and not words and "," not in between and ";" not in between:
        return NOTHING
    return _of_words(words, bool(_ROW.search(between)))


def _of_words(words: list[str], row: bool) -> Joint:
    said = frozenset(words)
    if not said:
        return Joint("row", signs=True) if row else Joint("or")
    if said <= OR:
        return Joint("or")
    if said & HAS and said <= HAS | FILL | PARTIAL | OR | THEN | ARE:
        whole = bool(said & PLURAL and said & ALL) or "only" in said
        return Joint("has", whole and not said & PARTIAL, noun=said <= HAS)
    if said & THEN and said <= THEN | FILL | OR:
        return Joint("then")
    if said <= ARE:
        return Joint("are", words[-1] in ("are", "sind", "sont", "son", "são"))
    if said <= FILL | OR:
        return Joint("so to say")
    return Joint("at") if said & AT and said <= AT | CRITICAL | FILL | OR else NOTHING


def begins(words: str) -> bool:
    """Tell whether words before an equation say that something follows from it: "since", "if".

    >>> begins("We know that since "), begins("Let ")
    (True, False)
    """
    return _SINCE.search(words) is not None


def leads(words: str) -> bool:
    """Tell whether words before an equation are about its solutions: "the solutions of the equation".

    >>> leads("The roots of the quadratic equation "), leads("We solve ")
    (True, False)
    """
    return _LEAD.search(" ".join(words.split()) + " ") is not None


def excuse(words: str) -> str:
    """Return the word in a sentence for which an answer need not be one, or nothing.

    >>> excuse("Newton's method gives"), excuse("which gives")
    ('newton', '')
    """
    found = _EXCUSES.search(words)
    return found[0].lower() if found else ""
