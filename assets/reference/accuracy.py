"""Test accuracies beside scikit-learn's MLPClassifier of the same size, over seeds.

    python assets/reference/accuracy.py path/to/vitrine path/to/data [path/to/mnist]

`data` holds iris.csv, wine.csv, breast_cancer.csv, digits.csv, GunPoint_TRAIN.ts and GunPoint_TEST.ts; `mnist` the four IDX
files. Both train on the same samples, standardised by the training set's mean and deviation, by Adam with a rate of .001,
batches of 32 (of MNIST 200), for the same number of epochs, from their own initial weights; with the same weight decay they would
still differ in that scikit-learn spares the biases, so neither has any. A row is mean ± half the 95 % interval of the mean
over five seeds, and Welch's p that the two are of one mean.
"""

import csv
import gzip
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

N_SEEDS = 5


def table(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    classes = sorted({row[-1] for row in rows})
    x = np.array([[float(cell) for cell in row[:-1]] for row in rows], dtype=np.float32)
    y = np.array([classes.index(row[-1]) for row in rows])
    return train_test_split(x, y, test_size=0.3, stratify=y, random_state=0)


def series(folder):
    def read(path):
        lines = [line.strip() for line in open(path) if line.strip() and line[0] not in "#@"]
        values = [line.rsplit(":", 1) for line in lines]
        x = np.array([[float(v) for v in row.split(",")] for row, _ in values], dtype=np.float32)
        return x, np.array([int(label) - 1 for _, label in values])

    (x, y), (x_test, y_test) = read(folder / "GunPoint_TRAIN.ts"), read(folder / "GunPoint_TEST.ts")
    return x, x_test, y, y_test


def idx(folder):
    def read(name, header):
        path = folder / name
        data = path.read_bytes() if path.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
        return np.frombuffer(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data, np.uint8, offset=header)

    images = lambda name: read(name, 16).reshape(-1, 784).astype(np.float32) / 255
    return (images("train-images-idx3-ubyte"), images("t10k-images-idx3-ubyte"),
            read("train-labels-idx1-ubyte", 8).astype(int), read("t10k-labels-idx1-ubyte", 8).astype(int))


def ours(program, sets, hidden, epochs, batch):
    x, x_test, y, y_test = sets
    spec = f"mlp:{x.shape[1]}-{hidden}-{y.max() + 1}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.npz"
        np.savez(path, x_train=x, y_train=y, x_test=x_test, y_test=y_test)
        # The samples of one file are its own test set; none are kept for validation.
        settings = {"optimiser": "adam", "learning_rate": 0.001, "batch_size": batch, "max_epochs": epochs,
                    "stop.when": "max_epochs"}
        sets = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
        command = [program, "--quiet", "--json", "--runs", Path(folder) / "runs", "train", "--data", f"{path},validation=0",
                   "--network", spec, "--seeds", str(N_SEEDS), *sets]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return [row["test_accuracy"] for row in json.loads(done.stdout)]


def theirs(sets, hidden, epochs, batch):
    x, x_test, y, y_test = sets
    accuracies = []
    for seed in range(N_SEEDS):
        model = MLPClassifier([hidden], alpha=0, batch_size=batch, max_iter=epochs, tol=0,
                              n_iter_no_change=epochs, random_state=seed)
        accuracies.append(model.fit(x, y).score(x_test, y_test))
    return accuracies


def shown(accuracies):
    half = stats.t.ppf(0.975, N_SEEDS - 1) * np.std(accuracies, ddof=1) / np.sqrt(N_SEEDS)
    return f"{np.mean(accuracies):.4f} ± {half:.4f}"


def main():
    warnings.simplefilter("ignore", ConvergenceWarning)
    program, data = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    cases = [(name, table(data / f"{name}.csv"), 32, 200, 32) for name in ["iris", "wine", "breast_cancer", "digits"]]
    cases.append(("GunPoint", series(data), 32, 200, 32))
    if len(sys.argv) > 3:
        cases.append(("MNIST", idx(Path(sys.argv[3])), 100, 5, 200))
    print("| data | network | epochs | Vitrine | scikit-learn | p |\n|---|---|---:|---:|---:|---:|")
    for name, (x, x_test, y, y_test), hidden, epochs, batch in cases:
        if name != "MNIST":
            mean, deviation = x.mean(0), x.std(0)
            deviation[deviation == 0] = 1
            x, x_test = ((x - mean) / deviation).astype(np.float32), ((x_test - mean) / deviation).astype(np.float32)
        sets = x, x_test, y, y_test
        a, b = ours(program, sets, hidden, epochs, batch), theirs(sets, hidden, epochs, batch)
        p = 1.0 if np.std(a) + np.std(b) == 0 and np.mean(a) == np.mean(b) else stats.ttest_ind(a, b, equal_var=False).pvalue
        print(f"| {name} | `mlp:{x.shape[1]}-{hidden}-{y.max() + 1}` | {epochs} | {shown(a)} | {shown(b)} | {p:.2f} |", flush=True)


main()
