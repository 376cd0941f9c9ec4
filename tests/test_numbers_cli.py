"""The commands power, horizon, maximise, minimise: what they print, JSON, exit codes, bad input, time."""

import json
import shlex
import subprocess
import sys
import time

import pytest

from symgrad.cli.main import main

PRINTED = [
    (
        "power 1.5 149",
        ["(3/2)^149", "3^149/2^149", "1.728214320e26", "26.23759760", "bf16      1.728763922e26", "fp16      inf"],
    ),
    ("power 1.5 149 --digits 3 --format latex", [r"1.73 \times 10^{26}"]),
    (
        "power 0.5 150",
        ["1/2^150", "7.006492322e-46", "fp32      0: it underflows", "0." + str(5**150).rjust(150, "0"), ", exactly"],
    ),
    ("power 0.9 152", ["9^152/10^152", "1.108", "fp16      1.192092896e-7, subnormal"]),
    ("power 0.5 1000000000", ["2.167797968e-301029996", "-301029995.7", "fp64      0: it underflows"]),
    ("power 3/2 -4 --exact", ["16/81", "0.1975308642"]),
    ("power 'sqrt(2)' 149", ["sqrt(2)^149", "2.671373891e22"]),
    ("power -1.5 3", ["-3.375"]),
    ("power 2 10", ["1024", "fp8_e4m3  nan: it overflows, and this format has no infinity"]),
    ("horizon 0.5", ["fp16      15: subnormal, 25: 0", "bf16      127: subnormal, 134: 0", "150: 0", "1075: 0"]),
    ("horizon 1.5", ["fp16      28: inf", "bf16      219: inf", "fp32      219: inf", "fp64      1751: inf"]),
    ("horizon -- -1.5", ["fp16      28: inf"]),
    ("horizon chain --activation logistic --weight 1", ["(1/4)^depth", "fp32      64: subnormal, 75: 0"]),
    ("horizon rnn --activation tanh --weight 0.9", ["(9/10)^depth", "fp32      829: subnormal, 987: 0"]),
    (
        "maximise 'z/(2*cosh(z/2)^2)' --over 'z in [0, oo)' --digits 40",
        [
            "0.4477432046943028491783242409696725697916",
            "1.543404638418208447958709740053315553698",
            "global; the only one (branch and bound,",
            "tail at oo",
            "v tanh v = 1/2, v = z/2",
            "SciPy",
            "mpmath",
            "agrees",
        ],
    ),
    ("minimise 'silu(x)'", ["-0.278464542761073795109358739023", "exact place  -1 - W(1/e)", "exact value  -W(1/e)"]),
    ("maximise 'tanh(x)'", ["1.00000000", "approached as x → oo", "global; not attained"]),
    ("maximise 'exp(x)'", ["none: it is unbounded", "grows beyond all bounds as x → oo"]),
    ("maximise 'relu(-x)' --over 'x >= 0'", ["on x ≥ 0", "attained on the whole plateau"]),
    ("maximise '-x' --over '-1 <= x <= 0'", ["at x = -1"]),
    (
        "maximise 'sin(x)' --over '0 <= x <= 10' --all --digits 9",
        ["at x = π/2", "at x = 5π/2", "local minimum  x = 4.71238898"],
    ),
    ("minimise '2/w*log(w*(1 + sqrt(1 - 4/w))/2 - 1)' --over 'w >= 4'", ["at w = 4", "approached as w → oo"]),
]


def run(command, capsys):
    code = main(shlex.split(command))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(("command", "fragments"), PRINTED, ids=[c for c, _ in PRINTED])
def test_what_is_printed(command, fragments, capsys):
    code, out, err = run(command, capsys)
    assert (code, err) == (0, "")
    assert [f for f in fragments if f not in out] == []
    assert "NOT AGREE" not in out


UNBOUNDED = [
    ("minimise '100-x'", "falls beyond all bounds as x → oo"),
    ("minimise '1000-x^2'", "falls beyond all bounds as x → -oo"),
    ("maximise 'log(x)-5' --over 'x > 0'", "grows beyond all bounds as x → oo"),
]


@pytest.mark.parametrize(("command", "where"), UNBOUNDED)
def test_what_is_unbounded_is_proved_to_be(command, where, capsys):
    code, out, err = run(command, capsys)
    assert (code, err) == (0, "")
    assert "none: it is unbounded" in out
    assert where in out
    assert "unbounded, by an expansion toward" in out


UNDECIDED = [
    ("maximise 'x*sin(x)' --timeout 0.1", "at least "),
    ("maximise 'step(x^2 - 2)*(3 - x)' --over '0 <= x <= 2'", "whether it is attained is undecided"),
    ("maximise 'x*sin(x)' --over 'x >= 1'", "undecided: no bound was found"),
    ("maximise 'sin(x)'", "whether it is the only one is undecided"),
]


@pytest.mark.parametrize(("command", "said"), UNDECIDED)
def test_what_is_undecided_says_so_and_has_exit_code_1(command, said, capsys):
    code, out, err = run(command, capsys)
    assert (code, err) == (1, "")
    assert said in out


BAD = [
    ("power x 3", "'x' is not a rational number or a square root of one"),
    ("power 1.5 2.5", "the exponent '2.5' is not a whole number"),
    ("power 1.5 1e100000000000", "is not a whole number"),
    ("power 1.5 10000000 --exact", "4,771,232 digits; at most 3,010,300 are formed"),
    ("power 'sqrt(2)' 3 --exact", "irrational"),
    ("power 0 -1", "division by zero"),
    ("power 1.5 149 --digits 0", "0 digits"),
    ("power 1.5 149 --digits 10000000", "ask for 1 to 1,000,000 digits"),
    ("horizon x", "neither a number nor a model"),
    ("horizon 1", "is 1 at every depth"),
    ("horizon 0", "0 from depth 1 on"),
    ("horizon 0.5 --activation tanh", "0.5 is no model"),
    ("horizon 0.5 --weight 2", "0.5 is no model"),
    ("horizon chain", "bind the activation"),
    ("horizon chain --activation foo", "unknown activation"),
    ("horizon chain --activation logistic --weight -1", "a bound of weights of -1"),
    ("horizon chain --activation logistic --weight x", "x is not a number"),
    ("horizon 0.5 --plot horizon.png", "cannot draw horizon.png"),
    ("maximise 'log(x)' --over '-2 <= x <= -1'", "log is not defined on"),
    ("maximise '1/x' --over '0 <= x <= 1'", "is not defined on the whole domain"),
    ("maximise 'x' --over '2 <= x <= 1'", "is empty"),
    ("maximise 'x' --over 'x'", "is not an interval"),
    ("maximise 'x' --digits 0", "0 digits"),
    ("maximise 'x' --digits 1000000", "ask for 1 to 100,000 digits"),
    ("maximise 'x' --timeout 0", "a time of 0.0 seconds"),
    ("maximise 'x' --timeout x", "not a valid float"),
    ("maximise 'x*y' --over '0 <= x <= 1'", "mentions y besides x"),
    ("maximise 'x*y'", "has the variables x, y"),
    ("maximise ''", "this is not a formula"),
    ("maximise '2*'", "expression"),
    ("maximise 'x^99999999'", "the exponent is above 1,000"),
    ("maximise \"__import__('os').getcwd()\"", "expression"),
    ("maximise", "Missing argument"),
]


@pytest.mark.parametrize(("command", "said"), BAD)
def test_bad_input_is_one_message_that_says_what_to_do(command, said, capsys):
    code, out, err = run(command, capsys)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("symgrad: ")
    assert "what to do: " in err
    assert "Traceback" not in err


def test_json_of_an_extremum(capsys):
    code, out, _ = run('maximise "silu\'(x)" --digits 19 --all --format json', capsys)
    found = json.loads(out)
    assert code == 0
    assert (found["value"], found["points"][0]["place"]) == ("1.099839320128866917", "2.399357280515467668")
    assert (found["attained"], found["unique"], found["complete"]) == (True, True, True)
    low, high = map(float, found["value_between"])
    assert low <= 1.099839320128866917 <= high
    assert {o["source"]: o["agrees"] for o in found["opinions"]} == {
        "SciPy minimize_scalar": True,
        "mpmath findroot": True,
    }
    assert [e["what"] for e in found["local"]] == ["minimum", "maximum"]


def test_json_of_what_is_unbounded(capsys):
    code, out, _ = run("maximise 'x' --format json", capsys)
    assert code == 0
    assert json.loads(out)["value"] is None


def test_json_of_a_power_and_a_horizon(capsys):
    _, out, _ = run("power 0.5 150 --format json", capsys)
    found = json.loads(out)
    assert found["formats"]["fp32"] == {"kind": "zero", "value": "0"}
    assert found["formats"]["bf16"]["kind"] == "zero"
    assert found["rounded"] == "7.006492322e-46"
    _, out, _ = run("horizon 1.5 --format json", capsys)
    assert {row["format"]: row["overflow"] for row in json.loads(out)["formats"]}["fp64"] == 1751


def test_a_plot_is_drawn(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    for name in ("a.svg", "b.svg", "c.pdf"):
        assert run(f"horizon 0.5 --plot {tmp_path / name}", capsys)[0] == 0
    assert (tmp_path / "a.svg").read_text() == (tmp_path / "b.svg").read_text()
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("expression", ["sin(x)^2 + cos(x)^2 - sin(x + 1)*x*cos(3*x)", "x*sin(x)*exp(sin(17*x))"])
def test_the_time_that_is_allowed_is_kept(expression, capsys):
    start = time.monotonic()
    code, _, _ = run(f"maximise {shlex.quote(expression)} --over '1 <= x' --timeout 0.5 --no-opinions", capsys)
    assert code in (0, 1)
    assert time.monotonic() - start < 5


def test_a_long_exact_power_is_written_whole():
    command = [sys.executable, "-c", "import sys; from symgrad.cli.main import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "power", "1.5", "100000", "--exact"], capture_output=True, text=True, timeout=60, check=True
    )
    lines = dict(line.split(None, 1) for line in done.stdout.splitlines()[1:])
    above, _, below = lines["exact"].partition("/")
    assert len(above) == 47713
    assert len(below) == 30103
    assert len(lines["decimal"].partition(".")[2]) == 100000


@pytest.mark.parametrize(
    "command",
    ["evaluate 'erf(exp(1))' --digits 100000", "power 1.0001 100000000 --digits 100000", "gain mish --digits 300"],
)
def test_time_that_is_over_is_an_error_and_more_can_be_allowed(command, capsys):
    code, out, err = run(f"{command} --timeout 0.001", capsys)
    assert (code, out) == (2, "")
    assert "more than 0.001 seconds" in err
    assert "--timeout" in err
