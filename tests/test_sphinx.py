"""The Sphinx extension and the directives of docutils: labels, numbers, dependencies, and builds that fail."""

import base64
import io
import re
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")

from docutils.core import publish_string
from docutils.writers.html5_polyglot import Writer
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace

import symgrad
import symgrad.docutils

pytestmark = pytest.mark.filterwarnings("ignore")
CHAIN = "z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L], y)\n"
INDEX = """# Title

By {eq}`eq:jac` and {eq}`eq:rst`: {symgrad:power}`1.5 149 digits=3`, {symgrad:value}`tanh(x) at=x=1/2 digits=4`.

```{symgrad} chain.eq
:of: C
:wrt: b[1]
:label: eq:jac
:notation: own.toml
```

```{toctree}
other
```
"""
OTHER = """Other
=====

See :eq:`eq:jac`; :symgrad:power:`0.5 10`.

.. symgrad::
   :of: y
   :wrt: x
   :label: eq:rst

   y = x**3

.. symgrad:backward:: chain.eq
   :of: C
   :wrt: w b
   :function: sigma=tanh
   :let: w[j] = 2*v[j]; b[j] = 2*c[j]

.. symgrad:steps:: chain.eq
   :of: z[1]
   :wrt: w[1]
"""


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def book(tmp_path):
    conf = 'extensions = ["myst_parser", "symgrad.sphinx"]\nmyst_enable_extensions = ["dollarmath"]\n'
    other = OTHER.replace(":wrt: w b", ":wrt: v c")
    own = '[style]\nindex = "superscript"\n[names]\nb = "beta"\n'
    write(tmp_path, conf_py=conf + 'symgrad_cache = "_cache"\n', index_md=INDEX, other_rst=other, chain_eq=CHAIN)
    write(tmp_path, own_toml=own)
    return tmp_path


def build(folder, builder="html", parallel=0):
    """Build, and return what was written, what was read again, and the warnings; SphinxError where it failed."""
    warnings, out = io.StringIO(), folder / "_out" / builder
    read: list[str] = []
    with docutils_namespace():
        places = folder, folder, out, folder / "_doctrees"
        app = Sphinx(*places, builder, status=None, warning=warnings, parallel=parallel)
        app.connect("source-read", lambda _, name, __: read.append(name))
        app.build()
    if app.statuscode:
        raise SphinxError(re.sub("\x1b[^m]*m", "", warnings.getvalue()))
    return out, read, warnings.getvalue()


def test_a_book_has_its_equations_numbers_and_labels(book):
    out, _, warnings = build(book)
    assert warnings == ""
    page, other = (Path(out, f"{name}.html").read_text(encoding="utf-8") for name in ("index", "other"))
    assert '<a class="reference internal" href="#equation-eq-jac">(1)</a>' in page
    assert '<a class="reference internal" href="other.html#equation-eq-rst">(1)</a>' in page
    assert r"\frac{\partial C}{\partial \beta^{1}} = \sigma'(z^{1})" in page
    assert r"1.73 \times 10^{26}" in page
    assert "0.4621" in page
    assert r"\frac{\partial y}{\partial x} = 3\, x^{2}" in other
    assert re.search(r"\(0\.0009765625\\?\)", other)
    assert r"\delta_{L}" in other
    assert "PROVED" in other
    assert "problematic" not in page + other


def test_a_page_is_read_again_when_its_equations_or_its_notation_change(book):
    build(book)
    assert build(book)[1] == []
    write(book, chain_eq=CHAIN.replace("w[j]*a[j-1]", "w[j]*sin(a[j-1])"))
    out, read, _ = build(book)
    assert sorted(read) == ["index", "other"]
    assert r"\cos(a^{" in Path(out, "index.html").read_text(encoding="utf-8")
    write(book, own_toml='[names]\nb = "theta"\n')
    out, read, _ = build(book)
    assert read == ["index"]
    assert r"\theta_{1}" in Path(out, "index.html").read_text(encoding="utf-8")


BAD = [
    ("```{symgrad} chain.eq\n:of: C\n:wrt: q\n```", ["index.md:3", "unknown quantity 'q'"]),
    ("```{symgrad} none.eq\n:of: C\n```", ["cannot read", "none.eq"]),
    ("```{symgrad} ../../x.eq\n:of: C\n```", ["lies outside of"]),
    ("```{symgrad}\n:of: C\n```", ["there is no model"]),
    ("```{symgrad} chain.eq\n:wrt: b[1]\n```", ["of=C"]),
    ("```{symgrad} chain.eq\n:of: C\n:wrt: b[1]\n\nC = x\n```", ["not both"]),
    ("```{symgrad:figure}\n```", ["index.md:3", "there is no model"]),
    ("```{symgrad:figure} chain\n:label: fig:a\n```", ["index.md:3", "has no caption"]),
    ("```{symgrad:figure} chain\n:caption: a\n\nb\n```", ["index.md:3", "given twice"]),
    ("```{symgrad:figure} chain\n:from: q\n:to: C\n```", ["index.md:3", "there is no q"]),
    ("a {symgrad:power}`2` b", ["index.md:3", "power takes 2"]),
]


@pytest.mark.parametrize(("text", "fragments"), BAD)
def test_what_is_wrong_ends_the_build(text, fragments, book):
    write(book, index_md=f"# Title\n\n{text}\n")
    with pytest.raises(SphinxError) as error:
        build(book)
    for fragment in fragments:
        assert fragment in str(error.value)


def test_all_that_is_wrong_is_said_at_once(book):
    write(book, index_md="# Title\n\n```{symgrad} chain.eq\n:of: C\n:wrt: q\n```\n\n```{toctree}\nother\n```\n")
    write(book, other_rst="Other\n=====\n\n.. symgrad:: none.eq\n   :of: C\n\na :symgrad:power:`2`\n")
    with pytest.raises(SphinxError) as error:
        build(book)
    said = str(error.value)
    assert ["index.md:3:" in said, "other.rst:4:" in said, "other.rst:7:" in said] == [True] * 3
    with pytest.raises(SphinxError, match="unknown quantity"):  # nothing has changed, and nothing is forgotten
        build(book)
    write(book, index_md="# Title\n\n```{toctree}\nother\n```\n", other_rst="Other\n=====\n")
    assert build(book)[2] == ""


def test_what_is_not_known_to_be_true_ends_the_build(book, monkeypatch):
    import symgrad.evidence.verify
    from symgrad.evidence.evidence import Check, Evidence
    from symgrad.evidence.verdict import Verdict

    refuted = Evidence("it", (Check("tangents", Verdict.REFUTED, counterexample="at w = 1"),))
    monkeypatch.setattr(symgrad.evidence.verify, "verify", lambda *_, **__: refuted)
    with pytest.raises(SphinxError, match="REFUTED"):
        build(book)


FIGURES = """# Figures

{numref}`fig:net` and {numref}`fig:vanish`.

```{symgrad:figure} chain.eq
:steps: 2
:label: fig:net
:alt: A "chain" <of> two.

Two of its *neurons*, $w_1$.
```

```{symgrad:figure}
:label: fig:vanish
:caption: It vanishes.
:of: a[L]
:wrt: a[0]
:depths: 5:20:5
:at: w=1/2; a[0]=1

a[l] = tanh(w[l]*a[l-1])
```
"""


def test_figures_have_numbers_captions_and_words_for_who_cannot_see_them(book):
    pytest.importorskip("matplotlib")
    write(book, index_md=FIGURES + "\n```{toctree}\nother\n```\n")
    write(book, other_rst="Other\n=====\n\n:numref:`fig:net`.\n\n.. symgrad:figure:: rnn\n\n   A caption.\n")
    with (book / "conf.py").open("a", encoding="utf-8") as file:
        file.write("numfig = True\n")
    out, _, warnings = build(book)
    assert warnings == ""
    page, other = (Path(out, f"{name}.html").read_text(encoding="utf-8") for name in ("index", "other"))
    assert re.search(r'href="#fig-net"><span class="std std-numref">Fig. 1</span>', page)
    assert re.search(r'href="#fig-vanish"><span class="std std-numref">Fig. 2</span>', page)
    assert re.search(r'href="index.html#fig-net"><span class="std std-numref">Fig. 1</span>', other)
    assert 'alt="A &quot;chain&quot; &lt;of&gt; two."' in page
    assert "<em>neurons</em>" in page
    [net, size] = (base64.b64decode(d).decode() for d in re.findall(r"data:image/svg\+xml;base64,([^\"]*)", page))
    assert net == symgrad.model("chain").draw(2).svg()
    assert "<svg" in size
    out, _, warnings = build(book, "latex")
    assert warnings == ""
    [tex] = (p.read_text(encoding="utf-8") for p in out.glob("*.tex"))
    assert tex.count(r"\begin{tikzpicture}") == 3
    assert r"\usepackage{tikz}" in tex
    assert tex.count(r"\caption{") == 3
    write(book, chain_eq=CHAIN.replace("w[j]", "v[j]"))
    out, read, _ = build(book)
    assert read == ["index"]


def test_no_page_has_commands_that_nothing_defines(book):
    write(book, own_toml='[macros]\nsignal = "\\\\mathbf{s}"\n[latex]\na = "\\\\signal"\n')
    asked = ":of: C\n:wrt: b[1]\n:notation: own.toml"
    blocks = [f"```{{{kind}}} chain\n{asked}\n```\n" for kind in ("symgrad", "symgrad:steps")]
    drawn = "```{symgrad:figure} chain\n:steps: 1\n:notation: own.toml\n```\n"
    write(book, index_md="\n".join(["# Title\n", *blocks, drawn]))
    for builder in ("html", "latex"):
        pages = [
            p.read_text(encoding="utf-8") for s in ("index.html", "*.tex") for p in build(book, builder)[0].glob(s)
        ]
        assert pages
        assert not any("\\signal" in page for page in pages)
        assert any("mathbf{s}" in page for page in pages)


def test_a_figure_has_factors_on_its_arrows(book):
    options = ":steps: 2\n:from: b[1]\n:to: C\n:view: factors"
    write(book, index_md=f"# Title\n\n```{{symgrad:figure}} chain\n{options}\n```\n")
    factors = symgrad.model("chain").derivative("C", "b[1]", 2).draw()
    page = Path(build(book)[0], "index.html").read_text(encoding="utf-8")
    [svg] = re.findall(r"data:image/svg\+xml;base64,([^\"]*)", page)
    assert base64.b64decode(svg).decode() == factors.svg()
    [tex] = (p.read_text(encoding="utf-8") for p in build(book, "latex")[0].glob("*.tex"))
    assert factors.tikz().strip() in tex


@pytest.mark.long
def test_pages_are_read_side_by_side(book):
    for n in range(6):
        write(
            book, **{f"p{n}_md": f"# {n}\n\n```{{symgrad}} chain.eq\n:of: C\n:wrt: w[{n + 1}]\n:label: eq:p{n}\n```\n"}
        )
    write(book, index_md=INDEX.replace("other\n", "other\n" + "".join(f"p{n}\n" for n in range(6))))
    out, _, warnings = build(book, parallel=2)
    assert "not safe for parallel" not in warnings
    assert all("eqno" in Path(out, f"p{n}.html").read_text(encoding="utf-8") for n in range(6))


def test_it_works_under_docutils_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMGRAD_CACHE", "off")
    symgrad.docutils.register()
    write(tmp_path, chain_eq=CHAIN)
    text = (
        ".. symgrad:: chain.eq\n   :of: C\n   :wrt: b[1]\n   :label: eq:jac\n\nIt is `eq:jac`_, :symgrad:power:`2 5`.\n"
    )
    settings = {"output_encoding": "unicode", "math_output": "LaTeX", "halt_level": 4}
    text += "\n.. symgrad:figure:: chain.eq\n   :label: fig:a\n   :alt: A chain.\n\n   Drawn.\n\nSee `fig:a`_.\n"
    page = publish_string(text, str(tmp_path / "a.rst"), writer=Writer(), settings_overrides=settings)
    assert r"\frac{\partial C}{\partial b_{1}}" in page
    assert 'id="eq-jac"' in page
    assert 'href="#eq-jac"' in page
    assert "32" in page
    assert re.search(r'<figure[^>]* id="fig-a"', page)
    assert 'href="#fig-a"' in page
    assert 'alt="A chain."' in page
    assert "<figcaption>\n<p>Drawn.</p>" in page


def test_it_works_in_myst_under_docutils_alone(tmp_path, monkeypatch):
    from myst_parser.docutils_ import Parser

    monkeypatch.setenv("SYMGRAD_CACHE", "off")
    symgrad.docutils.register()
    write(tmp_path, chain_eq=CHAIN)
    text = "```{symgrad} chain.eq\n:of: C\n:wrt: b[1]\n:label: eq:jac\n```\n\nBy [it](#eq:jac) {symgrad:power}`2 5`.\n"
    text += "\n```{symgrad:figure} chain.eq\n:label: fig:a\n\nThe *chain*, $w$.\n```\n"
    settings = {"output_encoding": "unicode", "math_output": "LaTeX", "myst_enable_extensions": ["dollarmath"]}
    page = publish_string(text, str(tmp_path / "a.md"), parser=Parser(), writer=Writer(), settings_overrides=settings)
    assert r"\frac{\partial C}{\partial b_{1}}" in page
    assert 'id="eq-jac"' in page
    assert re.search(r'<figure[^>]* id="fig-a"', page)
    assert "<em>chain</em>" in page
    assert "32" in page
