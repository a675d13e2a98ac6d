"""Trials of the embedding theory per second, ours and NumPy's batched `pinv`, run alternately on one thread each.

From the root of the repository: `python crates/analysis/benches/embedding_theory_peer.py [ROUNDS]`.
"""

import json
import os
import statistics
import subprocess
import sys
import time

for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
    os.environ[name] = "1"

import numpy as np

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
BENCH = ["cargo", "bench", "--quiet", "--workspace", "--bench", "embedding_theory"]
CELLS = {"p=2 n=5": (2, 5), "p=2 n=10": (2, 10), "p=4 n=12": (4, 12), "p=10 n=20": (10, 20), "p=10 n=50": (10, 50)}
SECONDS = 0.5
rng = np.random.default_rng(0)


def trials(p, n, n_sets=1_000):
    points = rng.random((n_sets, n, p), dtype=np.float64)
    points -= points.mean(axis=1, keepdims=True)
    images = points @ np.linalg.pinv(points)
    return (images.argmax(axis=2) == np.arange(n)).all(axis=1).sum(), n_sets


def seconds_per_trial(p, n):
    trials(p, n)
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        done += trials(p, n)[1]
    return (time.perf_counter() - started) / done


rounds = []
for _ in range(ROUNDS):
    ours = json.loads(subprocess.run(BENCH, check=True, capture_output=True, text=True).stdout)
    rounds.append((ours, {name: seconds_per_trial(*cell) for name, cell in CELLS.items()}))

for name in rounds[0][0]:
    ours = statistics.median(ours[name] for ours, _ in rounds)
    line = f"{name:26} {1 / ours:12,.0f} trials/s"
    if name in CELLS:
        numpy = statistics.median(peers[name] for _, peers in rounds)
        ratio = statistics.median(peers[name] / ours[name] for ours, peers in rounds)
        line += f"   NumPy {1 / numpy:9,.0f} trials/s   ratio {ratio:6.0f}"
    print(line)
