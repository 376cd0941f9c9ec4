"""The layers, read from the imports: a package imports only from the layers above it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import symgrad

ROOT = Path(symgrad.__file__).parent
CATALOGUE = ROOT.parent / "derivations"
LAYERS = (
    "visible",
    "errors",
    "files",
    "deadline",
    "workers",
    "arithmetic",
    "algebra",
    "ops",
    "network",
    "calculus",
    "numbers",
    "reading",
    "claims",
    "evidence",
    "derivation",
    "export",
    "draw",
    "code",
    "api",
    "testing",
    "experiments",
    "audit",
    "desk",
    "serve",
    "cli",
)
FILES = sorted(ROOT.rglob("*.py"))
RECORDS = {"symgrad.evidence.evidence", "symgrad.evidence.verdict"}
"""What an exporter may import of the evidence."""
HEAVY = {"numpy", "sympy", "mpmath", "flint"}
HEAVY_AT_START = HEAVY | {"click", "rich"}


def imports(path: Path) -> set[str]:
    """Return every module that a file names in an import, wherever it stands in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its layer"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def needed(path: Path) -> set[Path]:
    """Return the files of symgrad that a file imports when it runs, at once or in a function; not for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        modules = [f"{node.module}.{n}" for n in names] + [node.module] if isinstance(node, ast.ImportFrom) else names
        for module in modules:
            file = ROOT.parent / (module.replace(".", "/") + ".py")
            if file.is_file() and module.startswith("symgrad."):
                found.add(file)
    return found


def test_no_files_import_each_other_in_a_circle():
    graph = {path: needed(path) for path in FILES}
    done: set[Path] = set()
    for start in FILES:
        trail: list[Path] = []
        pending = [(start, False)]
        while pending:
            path, leaving = pending.pop()
            if leaving:
                done.add(trail.pop())
            elif path in trail:
                circle = [str(p.relative_to(ROOT)) for p in (*trail[trail.index(path) :], path)]
                raise AssertionError(" -> ".join(circle))
            elif path not in done:
                trail.append(path)
                pending += [(path, True), *((p, False) for p in sorted(graph[path]))]


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(p, id=str(p.relative_to(ROOT.parent))) for p in paths]


@pytest.mark.parametrize("path", named([p for p in FILES if p.parent != ROOT]))
def test_a_file_imports_only_from_layers_above(path):
    own = LAYERS.index(layer(path))
    for module in imports(path):
        package, _, rest = module.partition(".")
        if package == "symgrad":
            above = rest.split(".")[0] in LAYERS[: own + 1]
            assert above or (module == "symgrad" and layer(path) == "cli"), f"{path} imports {module}"


@pytest.mark.parametrize("path", named(FILES))
def test_nothing_imports_the_catalogue(path):
    assert not any(m.split(".")[0] == "derivations" for m in imports(path))


@pytest.mark.parametrize("path", named(sorted(CATALOGUE.rglob("*.py"))))
def test_the_catalogue_uses_public_names_only(path):
    for module in imports(path):
        package, _, rest = module.partition(".")
        if module != "symgrad" and package == "symgrad":
            assert rest in symgrad.__all__, f"{path} imports {module}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sg":
            assert node.attr in symgrad.__all__, f"{path} uses symgrad.{node.attr}"


@pytest.mark.parametrize("path", named([p for p in FILES if layer(p) in ("errors", "algebra", "network", "cli")]))
def test_no_number_system_below_a_network(path):
    """Equations, maps and commands know nothing of number systems."""
    assert not {m.split(".")[0] for m in imports(path)} & HEAVY
    assert not any(m.startswith("symgrad.arithmetic") for m in imports(path) if layer(path) != "cli")


@pytest.mark.parametrize("path", named([p for p in FILES if layer(p) == "export"]))
def test_an_exporter_cannot_compute(path):
    """It reads claims and verdicts, which are records, and has neither arithmetics nor checkers."""
    for module in imports(path):
        forbidden = module.startswith(("symgrad.arithmetic", "symgrad.evidence", "numpy", "mpmath", "flint"))
        assert not forbidden or module.rpartition(".")[0] in RECORDS, f"{path} imports {module}"


@pytest.mark.parametrize("path", named(FILES))
def test_no_text_is_run(path):
    """What a user writes never reaches eval, exec or sympify."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            builtin, method = getattr(node.func, "id", ""), getattr(node.func, "attr", "")
            place = f"{path}, line {node.lineno}"
            assert builtin not in {"eval", "exec", "compile", "__import__"}, place
            assert not {builtin, method} & {"sympify", "parse_expr", "parse_latex", "S"}, place


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    program = (
        "import sys; from symgrad.cli.main import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "symgrad.cli.main" in loaded
    assert not loaded & (HEAVY if arguments == ["--version"] else HEAVY_AT_START)


def test_a_list_of_models_needs_neither_evidence_nor_numbers():
    program = "import sys; from symgrad.cli.main import main\nmain(['models'])\nprint(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "symgrad.cli.models" in loaded
    assert not loaded & {"symgrad.evidence", "symgrad.numbers", "symgrad.derivation", "sympy", "mpmath"}


def test_every_layer_is_in_the_list():
    packages = {p.name for p in ROOT.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert packages <= set(LAYERS)


def test_what_the_lists_name_exists():
    for name in LAYERS:
        assert (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file(), name
    for module in RECORDS:
        assert (ROOT.parent / (module.replace(".", "/") + ".py")).is_file(), module


CHECKS = {"claims", "evidence", "numbers", "reading", "derivation", "arithmetic"}
OF_OTHERS = {
    "calculus.applied",
    "calculus.collected.terms",
    "calculus.cotangent",
    "calculus.entries",
    "calculus.grid_form",
    "calculus.recursion",
    "calculus.totals",
    "export.json",
    "export.latex",
    "export.vectorised",
    "network.activation",
    "network.indices.arrangement",
    "network.indices.resolver",
    "network.meaning",
    "network.schedule",
}
"""What other networks and other formats need than a chain that is printed as text."""
START = [
    (["--help"], {"api", "algebra", "network", "cli.run"}, 6),
    (["models"], CHECKS | {"algebra.linear_map", "api", "network.read", "ops"}, 30),
    (["read", "chain"], CHECKS | {"calculus.closed_form"}, 110),
    (
        ["derive", "chain", "--of", "C", "--wrt", "b[1]", "--no-verify"],
        CHECKS | OF_OTHERS | {"calculus.numeric"},
        157,
    ),
]


@pytest.mark.parametrize(("arguments", "unneeded", "most"), START)
def test_a_command_loads_only_what_it_needs(arguments, unneeded, most):
    """Each file costs a command half a millisecond and more before it does anything: see docs/benchmarks.md."""
    program = (
        f"import sys; from symgrad.cli.main import main\nassert main({arguments!r}) == 0\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & HEAVY
    assert not loaded & {f"symgrad.{name}" for name in unneeded}
    own = sorted(name for name in loaded if name.startswith("symgrad."))
    assert len(own) <= most, own


def test_the_package_is_a_command():
    run = [sys.executable, "-m", "symgrad", "models", "chain"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=300, check=True)
    assert "z[j] = w[j]*a[j-1] + b[j]" in done.stdout
