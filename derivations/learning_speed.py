"""How fast each layer learns: what the chapter measured on MNIST, beside the same measured again, with its spread."""

from math import exp, log, sqrt
from pathlib import Path
from statistics import quantiles
from typing import Any

import symgrad as sg

SOURCE = (
    "M. Nielsen, Neural Networks and Deep Learning, chapter 5, the section The vanishing gradient problem, with its "
    "figures and its numbers"
)
MEASURED = Path(__file__).parent / "measured" / "mnist.json"
"""What ``symgrad experiment summary`` wrote; its SHA-256 stands in it, and is checked whenever it is read."""
WEIGHTS = {"normal": "variance 1", "scaled": "variance 1/n_in"}
COSTS = {"quadratic": "quadratic", "cross_entropy": "cross-entropy"}
NEAREST = ("scaled", "cross_entropy")
"""The setting whose speeds are nearest to the chapter's; the table of settings shows that it is."""

Record = dict[str, Any]


def build() -> sg.Derivation:
    """Return what is measured, and the measurements, each beside the chapter's."""
    measured = sg.experiments.read_summary(MEASURED)
    draft = sg.Draft(ENTRY.title, SOURCE, ENTRY.assumptions)
    speed = _what_is_measured(draft)
    _smallest_network(draft, measured)
    _at_the_start(draft, measured, speed)
    _in_training(draft, measured)
    _accuracies(draft, measured)
    draft.figure(_again(measured))
    return draft.derivation()


def _what_is_measured(draft: sg.Draft) -> int:
    draft.section("What is measured")
    mlp = sg.model("mlp")
    weighted = draft.defines(mlp, "z", "The weighted inputs of layer l,")
    output = draft.defines(mlp, "a", "and its outputs, in a network of logistic neurons.")
    error = draft.derives(
        mlp,
        "C",
        "b[l]",
        by="product over layers",
        premises=(weighted, output),
        because="How the cost changes with the biases of layer l: this is δ^l, one entry for each neuron, and its "
        "length ‖δ^l‖ is the speed at which the layer learns. Each later layer gives it a factor.",
    )
    draft.derives(
        mlp,
        "C",
        "W[l]",
        by="product over layers",
        premises=(error,),
        because="The weights into a neuron change at the speed of its bias, times what comes in.",
    )
    return error


def _smallest_network(draft: sg.Draft, measured: Record) -> None:
    draft.section("The network [784, 30, 10] and its setting")
    accuracy = measured["accuracy"][0]
    options = accuracy["options"]
    pixels = draft.states("28*28 = 784", by="exact arithmetic", because="An image has 28 × 28 pixels, one input each.")
    draft.states(
        "784*30 + 30 + 30*10 + 10 = 23860",
        by="exact arithmetic",
        because="Weights and biases of the 30 hidden neurons, and of the 10 output neurons, one for each digit.",
        premises=(pixels,),
    )
    steps = options["images"] // options["batch"] * accuracy["epochs"]
    taken = draft.states(
        f"{steps}*{options['batch']} = {accuracy['epochs']}*{options['images']}",
        by="exact arithmetic",
        because=f"With mini-batches of {options['batch']} images, {accuracy['epochs']} epochs are {steps:,} steps.",
        premises=(pixels,),
    )
    draft.states(
        f"{options['decay']:.4f}*{options['images']} = 5",
        by="exact arithmetic",
        because=f"The regularisation λ = 5.0 over {options['images']:,} images: λ/n = {options['decay']:.4f}.",
        premises=(taken,),
    )
    rows = (
        ("images to train with, to validate", "50,000, 10,000", f"{options['images']:,}, {options['validation']:,}"),
        ("epochs", "30", str(accuracy["epochs"])),
        ("images of a mini-batch", "10", str(options["batch"])),
        ("learning rate η", "0.1", f"{options['rate']:g}"),
        ("regularisation λ/n", "5.0/50,000", f"{options['decay']:g}"),
        ("weights", "not said", WEIGHTS[options["initialisation"]]),
        ("cost", "not said", COSTS[options["cost"]]),
    )
    draft.figure(
        sg.Table(
            "setting",
            "The setting of the networks that are trained by mini-batches. What the chapter does not say is taken from "
            "the comparison of the speeds at the start.",
            ("", "the chapter", "here"),
            rows,
        )
    )


def _at_the_start(draft: sg.Draft, measured: Record, speed: int) -> None:
    draft.section("At the start")
    start = measured["start"]
    ours = {tuple(s["hidden"]): s for s in start["settings"] if (s["initialisation"], s["cost"]) == NEAREST}
    known = [s for s in ours.values() if s["chapter"]]
    for s in known:
        first, last = s["chapter"][0], s["chapter"][-1]
        draft.states(
            f"{first}*{last / first:.3g} ~ {last}",
            by="exact arithmetic",
            premises=(speed,),
            because=f"With {len(s['hidden'])} hidden layers the chapter's last one learns {last / first:.3g} times as "
            "fast as the first.",
        )
    rows = [
        (
            str(s["hidden"]),
            str(k + 1),
            f"{s['chapter'][k]:g}",
            f"{s['median'][k]:.3g}",
            f"{s['5%'][k]:.2g} to {s['95%'][k]:.2g}",
            f"{s['below'][k]:.0%}",
        )
        for s in known
        for k in range(len(s["hidden"]))
    ]
    draft.figure(
        sg.Table(
            "start",
            f"The speeds ‖δ^l‖ at the start: the chapter's, of one draw, beside the median of {start['seeds']} seeds, "
            f"how far 5 % to 95 % of them spread, and the part of them that is below the chapter's number.",
            ("hidden layers", "layer", "the chapter", "median", "5 % to 95 %", "below"),
            tuple(rows),
        )
    )
    draft.figure(_settings(start))
    draft.figure(_bars(measured))


def _settings(start: Record) -> sg.Table:
    rows = []
    for weights, name in WEIGHTS.items():
        for cost, said in COSTS.items():
            ratios = [
                log(ours / theirs)
                for s in start["settings"]
                if (s["initialisation"], s["cost"]) == (weights, cost) and s["chapter"]
                for ours, theirs in zip(s["median"], s["chapter"], strict=True)
            ]
            mean = exp(sqrt(sum(r**2 for r in ratios) / len(ratios)))
            rows.append((name, said, f"{mean:.2f}", f"{exp(max(map(abs, ratios))):.2f}"))
    return sg.Table(
        "settings",
        "By which factor the medians are off the chapter's nine numbers, on average (the root of the mean square of "
        "the logarithms) and at most. The chapter says neither how its weights were drawn nor which cost it had; the "
        "last row says that they were scaled, and that it was the cross-entropy.",
        ("weights", "cost", "on average", "at most"),
        tuple(rows),
    )


def _bars(measured: Record) -> sg.NeuronBars:
    run = next(t for t in measured["training"] if len(t["options"]["hidden"]) == 2)
    return sg.NeuronBars(
        "neurons",
        f"The first six neurons of both hidden layers of {_network(run)} before the first step, each with a bar for "
        f"its |∂C/∂b|, seed {run['seeds'][0]}. Most bars of the second layer are longer.",
        tuple(map(tuple, run["bars"])),
        r"|\partial C/\partial b|",
    )


def _in_training(draft: sg.Draft, measured: Record) -> None:
    draft.section("Over 500 epochs")
    runs = [t for t in measured["training"] if len(t["options"]["hidden"]) > 1]
    images, decay, rate = runs[0]["data"]["images"], runs[0]["options"]["decay"], runs[0]["options"]["rate"]
    ratio = draft.states(
        f"{decay:g}*{images} = 5",
        by="exact arithmetic",
        because=f"Batch gradient descent on {images:,} images. The regularisation is again λ = 5.0, but over these "
        f"images alone: λ/n = {decay:g}, fifty times what it is for all 50,000.",
    )
    shrinks = draft.states(
        f"(1 - {rate:g}*{decay:g})**500 ~ {(1 - rate * decay) ** 500:.4f}",
        by="numerical enclosure",
        premises=(ratio,),
        because="In 500 steps, each of which multiplies the weights by 1 - η λ/n, this alone takes more than a "
        "fifth of them away,",
    )
    small = 5 / 50_000
    draft.states(
        f"(1 - {rate:g}*{small:.4f})**500 ~ {(1 - rate * small) ** 500:.4f}",
        by="numerical enclosure",
        premises=(shrinks,),
        because="and with the λ/n of 50,000 images next to nothing. Smaller weights are smaller factors: the more "
        "layers there are, the slower the first one learns.",
    )
    for run in runs:
        draft.figure(_speeds(run))
    rows = []
    for run in runs:
        low, middle, high = _quantiles(run["slowdowns"])
        first, last = run["median"][0][0], run["median"][0][-1]
        chapter = "" if run["chapter"] is None else f"roughly {run['chapter']}"
        rows.append((_network(run), f"{last / first:.3g}", f"{middle:.3g}", f"{low:.3g} to {high:.3g}", chapter))
    draft.figure(
        sg.Table(
            "slowdowns",
            "How many times slower than the last hidden layer the first one learns: at the start, by the medians, and "
            f"after {runs[0]['epochs'][-1]} epochs, the median of {len(runs[0]['seeds'])} seeds, how far 5 % to 95 % "
            "of them spread, and what the chapter has.",
            ("network", "start", "end", "5 % to 95 %", "the chapter"),
            tuple(rows),
        )
    )


def _speeds(run: Record) -> sg.Plot:
    layers = range(len(run["options"]["hidden"]))
    curves = tuple(
        sg.Curve(
            f"hidden layer {k + 1}",
            tuple((float(e), m[k]) for e, m in zip(run["epochs"], run["median"], strict=True)),
            tuple((float(e), a[k], b[k]) for e, a, b in zip(run["epochs"], run["5%"], run["95%"], strict=True)),
        )
        for k in layers
    )
    return sg.Plot(
        f"speed-{len(layers)}",
        f"The speeds of the hidden layers of {_network(run)} over {run['epochs'][-1]} epochs: the median of "
        f"{len(run['seeds'])} seeds, in a band that holds 5 % to 95 % of them. {_course(run['median'])}",
        "epoch",
        r"speed of learning, $\|\delta^l\|$",
        curves,
        log=True,
    )


def _course(speeds: list[list[float]]) -> str:
    """Say of the speeds, one row an epoch, whether they rise again, and whether the first layer stays the slowest."""
    rebound = min(end / min(column) for end, column in zip(speeds[-1], zip(*speeds, strict=True), strict=True))
    course = "They drop quickly, and rise again" if rebound > 1.1 else "They drop quickly, and do not rise again"
    slowest = all(first == min(first, *others) for first, *others in speeds)
    return f"{course}; {'the first layer is the slowest throughout' if slowest else 'the layers change places'}."


def _accuracies(draft: sg.Draft, measured: Record) -> None:
    draft.section("What deeper networks reach")
    runs = measured["accuracy"]
    images = runs[0]["options"]["validation"]
    worst = runs[-1]["chapter"]
    spread = draft.states(
        f"sqrt({worst}*(1 - {worst})/{images}) ~ {sqrt(worst * (1 - worst) / images):.4f}",
        by="numerical enclosure",
        because=f"The standard deviation of an accuracy of {worst} that is counted on {images:,} images, each of them "
        "told right or wrong by chance.",
    )
    deviation = f"{sqrt(worst * (1 - worst) / images):.4f}"
    less = draft.states(
        f"{runs[2]['chapter']} - {runs[3]['chapter']} < {deviation}",
        by="exact arithmetic",
        premises=(spread,),
        because="The fourth hidden layer makes the chapter's accuracy smaller by less than that: no significant drop.",
    )
    draft.states(
        f"{runs[1]['chapter']} - {runs[0]['chapter']} > 2*{deviation}",
        by="exact arithmetic",
        premises=(spread, less),
        because="The second makes it larger by more than twice that.",
    )
    rows = [
        (
            str([784, *run["options"]["hidden"], 10]),
            f"{run['chapter']:.2%}",
            ", ".join(f"{x:.2%}" for x in run["accuracies"]),
        )
        for run in runs
    ]
    draft.figure(
        sg.Table(
            "accuracies",
            f"The part of the validation images whose digit is told right, after {runs[0]['epochs']} epochs: the "
            f"chapter's run, and the seeds {', '.join(map(str, runs[0]['seeds']))} here.",
            ("network", "the chapter", "here"),
            tuple(rows),
        )
    )


def _network(run: Record) -> str:
    return str([run["data"]["pixels"], *run["options"]["hidden"], 10])


def _quantiles(numbers: list[float]) -> tuple[float, float, float]:
    """Return what 5 %, half and 95 % of the numbers do not exceed."""
    twentieths = quantiles(numbers, n=20, method="inclusive")
    return twentieths[0], twentieths[9], twentieths[18]


def _again(measured: Record) -> sg.Program:
    """Say how everything is measured again, and which tables it was taken from."""
    parts = [*measured["accuracy"], measured["start"], *measured["training"]]
    runs, seeds = len(measured["training"][0]["seeds"]), len(measured["accuracy"][0]["seeds"])
    lines = [
        "$ symgrad experiment fetch mnist",
        f"$ symgrad experiment speed --data mnist --runs {runs} -o mnist",
        f"$ symgrad experiment accuracy --data mnist --runs {seeds} -o mnist",
        "$ symgrad experiment summary mnist -o mnist.json",
        "$ sha256sum mnist/*.csv | cut -c 1-16,65-",
        *(f"{part['csv_sha256'][:16]}  mnist/{part['csv']}" for part in sorted(parts, key=lambda part: part["csv"])),
    ]
    return sg.Program(
        "again",
        f"How all of this is measured again, and the tables that it came to with NumPy "
        f"{measured['start']['versions']['numpy']}; another version may give other last digits. The numbers of this "
        f"chapter are those of a summary with the SHA-256 {measured['sha256'][:16]}….",
        "\n".join(lines),
    )


ENTRY = sg.Entry(
    name="learning-speed",
    title="How fast each layer learns",
    source=SOURCE,
    model="mlp",
    text=(
        "The chapter draws its networks once and trains them once. Here the same is measured on the same images with "
        "many seeds, so that one can see which of its numbers are typical: early layers learn slower than late ones, "
        "at the start and all through the training."
    ),
    assumptions=("The neurons are logistic; the gradient is averaged over the images.",),
    build=build,
)
