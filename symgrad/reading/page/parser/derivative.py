"""Derivatives on a page: ∂f/∂x, ∂⁺f/∂x, ∂²f/∂x², ∂_2 f(x, y)."""

from __future__ import annotations

from symgrad.reading.page.parser.name import Names
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Call, Name, Node, Partial


class Derivatives(Names):
    """Reads ∂f/∂x, ∂⁺f/∂x, ∂²f/∂x², as one line or as a fraction."""

    def derivative(self, sign: str) -> Node:
        """Read ∂of/∂wrt, after its first sign; or ∂_2 f(x, y), a derivative by the second argument."""
        if sign == "∂" and self.took("_"):
            braces = self.took("{")
            by = self.take()
            if braces:
                self.need("}")
            call = self.atom()
            if not isinstance(call, Call) or by.kind != "number":
                raise NotUnderstoodError("∂ with an index before what is no function")
            return Call(call.function, call.arguments, int(by.text))
        if self.is_sign("^"):
            return self.second(False)
        of, columns = self.derived()
        self.need("/")
        self.need("∂")
        return self.partial(of, self.derived()[0], sign == "∂⁺", columns)

    def derived(self) -> tuple[Name, bool]:
        """Read a name, or vec(X): whether it is a matrix with its columns one below the other."""
        after = self.ahead()
        if self.now.text != "vec" or after.text != "(" or not after.tight:
            return self.whole_name(), False
        self.take()
        self.take()
        found = self.whole_name()
        self.need(")")
        return found, True

    @staticmethod
    def partial(of: Name, wrt: Name, immediate: bool, columns: bool) -> Node:
        """Return ∂of/∂wrt; of matrices with their columns one below the other it is marked."""
        found = Partial(of, wrt, immediate)
        return Apply("vec", (found,)) if columns else found

    def second(self, fraction: bool) -> Node:
        """Read ∂²of/∂x² or ∂²of/(∂x ∂y), after its first sign; fraction: as a fraction of LaTeX."""
        self.squared()
        of = self.whole_name()
        group = fraction
        for sign in "}{" if fraction else "/":
            self.need(sign)
        if not fraction:
            group = self.took("(")
        self.need("∂")
        first = second = self.whole_name(squared=True)
        if self.is_square():
            self.squared()
        else:
            self.need("∂")
            second = self.whole_name()
        if group:
            self.need("}" if fraction else ")")
        return Partial(Partial(of, first), second)

    def squared(self) -> None:
        """Read the exponent 2 of a second derivative."""
        self.need("^")
        braces = self.took("{")
        if self.take().text != "2":
            raise NotUnderstoodError("a derivative of an order other than 2")
        if braces:
            self.need("}")

    def fraction(self) -> Node:
        """Read a fraction of LaTeX; one of ∂ is a derivative."""
        self.need("{")
        if self._is_change() and self.ahead().kind in ("word", "command"):
            return self.total()
        if not (self.is_sign("∂", "∂⁺") and self.ahead().text != "_"):
            above = self.sum()
            self.need("}")
            return Apply("/", (above, self.signed_group()))
        immediate = self.take().text == "∂⁺"
        if not immediate and self.is_sign("^"):
            return self.second(True)
        of, columns = self.derived()
        for sign in ("}", "{", "∂"):
            self.need(sign)
        wrt, _ = self.derived()
        self.need("}")
        return self.partial(of, wrt, immediate, columns)

    def _is_change(self) -> bool:
        return self.now.kind == "command" and self.now.text == "change"

    def total(self) -> Node:
        """Read the rest of a fraction with an upright d above and below, after its first brace."""
        self.take()
        of, columns = self.derived()
        self.need("}")
        self.need("{")
        if not self._is_change():
            raise NotUnderstoodError("a change over what is none")
        self.take()
        wrt, _ = self.derived()
        self.need("}")
        return self.partial(of, wrt, False, columns)
