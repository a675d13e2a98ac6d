"""What the peer scripts share: shapes as Vitrine writes them, data, and the conversation with compare.py.

A peer reads one task a line, `TASK SHAPE` with TASK step, evaluate or forward, works on it for about a second after a
first run, and answers with a line of JSON: the seconds that the fastest and the median round took per step,
evaluation or forward pass. It runs on as many threads as its argument says.
"""

import json
import os
import statistics
import sys
import time

import numpy as np

N_SAMPLES = 12_000
N_EVALUATED = 60_000
N_IMAGES = 1_000
SECONDS = 1.0


def threads():
    return int(sys.argv[1]) if len(sys.argv) > 1 else 1


def pin(n_threads):
    """Keeps the process on its first `n_threads` processors, before a library starts threads of its own."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:n_threads])
    for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
        os.environ[name] = str(n_threads)


def parse(shape):
    """Inputs and layers of a shape: `("dense", n_out)` or `("conv", kernel_size)`."""
    family, rest = shape.split(":")
    first, *parts = rest.split("," if family == "cnn" else "-")
    layers = [("conv", int(p[4:])) if p.startswith("conv") else ("dense", int(p)) for p in parts]
    return int(first), layers


def parse_image(shape):
    """Sizes of an image and layers: `("conv", kernel, n_filters)`, `("pool", size)` or `("dense", n_out)`."""
    first, *parts = shape.removeprefix("cnn:").split(",")
    layers = []
    for part in parts:
        if part.startswith("conv"):
            rows, columns, n_filters = map(int, part[4:].split("x"))
            layers.append(("conv", (rows, columns), n_filters))
        else:
            layers.append(("pool", int(part[4:])) if part.startswith("pool") else ("dense", int(part)))
    return tuple(map(int, first.split("x"))), layers


def is_of_images(shape):
    return shape.startswith("cnn:") and "x" in shape


def batch_size(shape):
    if is_of_images(shape):
        return 64
    return 1_000 if shape.startswith("mlp:784") else 100


def dataset(shape, n_samples):
    """Standard normal inputs and uniform labels: the values do not matter to the time."""
    n_in, layers = parse_image(shape) if is_of_images(shape) else parse(shape)
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((n_samples, *np.atleast_1d(n_in)), dtype=np.float32)
    return inputs, rng.integers(layers[-1][1], size=n_samples)


def timed(run, per_round):
    """Runs `run` for SECONDS, at least three times; the fastest and the median round, divided by `per_round`."""
    run()
    rounds, started = [], time.perf_counter()
    while len(rounds) < 3 or time.perf_counter() - started < SECONDS:
        before = time.perf_counter()
        run()
        rounds.append((time.perf_counter() - before) / per_round)
    return {"best": min(rounds), "median": statistics.median(rounds)}


def serve(tasks):
    """Answers tasks until the input ends; `tasks[name](shape)` is a function to time and its steps per call."""
    ready = {}
    for line in sys.stdin:
        task, shape = line.split()
        if line not in ready:
            ready[line] = tasks[task](shape)
        print(json.dumps(timed(*ready[line])), flush=True)
