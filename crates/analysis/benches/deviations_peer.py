"""Deviations within 60 classes of 1 000 signals with 100 units: ours and SciPy's `pdist`, alternately, one thread each.

From the root of the repository: `python crates/analysis/benches/deviations_peer.py [ROUNDS]`.
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
from scipy.spatial.distance import pdist

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
BENCH = ["cargo", "bench", "--quiet", "--workspace", "--bench", "deviations"]
rng = np.random.default_rng(0)
classes = [np.maximum(0, rng.uniform(-1, 2, (1_000, 100))) for _ in range(60)]


def scipy_seconds():
    started = time.perf_counter()
    for distance in ["euclidean", "cosine", "correlation"]:
        np.mean([pdist(signals, distance).mean() for signals in classes])
    return time.perf_counter() - started


rounds = []
for _ in range(ROUNDS):
    ours = json.loads(subprocess.run(BENCH, check=True, capture_output=True, text=True).stdout)
    rounds.append((ours, scipy_seconds()))

theirs = statistics.median(scipy for _, scipy in rounds)
for name in ["without_intervals", "with_intervals"]:
    ours = statistics.median(ours[name] for ours, _ in rounds)
    ratio = statistics.median(scipy / ours[name] for ours, scipy in rounds)
    print(f"{name:18} {1e3 * ours:8.0f} ms   SciPy {1e3 * theirs:8.0f} ms   {ratio:5.1f} times as fast")
