"""Reference values of the deviations within and between classes, made with SciPy's `pdist`.

Run from the root of the repository: `python assets/reference/deviations.py`.
"""

from pathlib import Path

import numpy as np
from scipy.spatial.distance import pdist

FOLDER = Path(__file__).with_suffix("")
METRICS = ["euclidean", "cosine", "correlation"]
rng = np.random.default_rng(64)


def defined(vectors, metric):
    if metric == "cosine":
        return vectors[np.any(vectors != 0, axis=1)]
    if metric == "correlation":
        return vectors[np.ptp(vectors, axis=1) != 0]
    return vectors


def normalised(distances, level):
    """Euclidean, normalised Euclidean, cosine, correlation."""
    return [distances[0], distances[0] / level, *distances[1:]]


def nanmean(values):
    values = [value for value in values if not np.isnan(value)]
    return np.mean(values) if values else np.nan


def between(means, metric, adjacent):
    """Mean distance of class means, and the number of pairs for which it is not defined."""
    valid = np.array([len(defined(mean[None], metric)) == 1 for mean in means])
    pairs = [(a, b) for a in range(len(means)) for b in range(a + 1, a + 2 if adjacent else len(means)) if b < len(means)]
    usable = [pair for pair in pairs if valid[list(pair)].all()]
    values = [pdist(means[list(pair)], metric)[0] for pair in usable]
    return nanmean(values), len(pairs) - len(usable)


labels = np.repeat(np.arange(5), [12, 7, 9, 2, 11])
relu = (rng.normal(size=(41, 10)) + 0.5 * labels[:, None]).clip(0)
relu[[1, 2]] = 0  # signals of zeros,
relu[14] = 0.7  # a constant one,
relu[20] = relu[21]  # and one twice.
relu[28:30] = 0  # A class of zeros only.
layers = {
    "relu": relu,
    "offset": rng.normal(size=(41, 6)) + 1_000,
    "tight": 3 + 1e-3 * rng.normal(size=(41, 6)) + labels[:, None],
    "one_unit": rng.normal(size=(41, 1)),
}
np.save(FOLDER / "labels.npy", labels[:, None].astype(np.float64))
for name, activations in layers.items():
    activations = activations.astype(np.float32)
    exact = activations.astype(np.float64)
    classes = [exact[labels == c] for c in range(5)]
    means = np.array([vectors.mean(axis=0) for vectors in classes])
    level = np.mean([np.abs(vectors).sum(axis=1).mean() for vectors in classes])
    inner, left_out = [], []
    for metric in METRICS:
        kept = [defined(vectors, metric) for vectors in classes]
        inner.append(nanmean([pdist(vectors, metric).mean() if len(vectors) > 1 else np.nan for vectors in kept]))
        left_out.append(len(exact) - sum(map(len, kept)))
    inter = {adjacent: [between(means, metric, adjacent) for metric in METRICS] for adjacent in [True, False]}
    rows = [normalised(inner, level)]
    rows += [normalised([value for value, _ in inter[adjacent]], level) for adjacent in [True, False]]
    inter_left_out = [count for _, count in inter[False]]
    rows += [[left_out[0], *left_out], [inter_left_out[0], *inter_left_out]]
    np.save(FOLDER / f"{name}.npy", activations)
    np.save(FOLDER / f"{name}_values.npy", np.array(rows, dtype=np.float64))
