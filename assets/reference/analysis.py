"""Reference arrays for the analysis crate, made with NumPy and SciPy.

Run from the root of the repository: `python assets/reference/analysis.py`.
"""

from pathlib import Path

import numpy as np
from scipy import stats

FOLDER = Path(__file__).with_suffix("")
rng = np.random.default_rng(2017)


def save(name, values, dtype=np.float64):
    np.save(FOLDER / f"{name}.npy", np.ascontiguousarray(values, dtype=dtype))


# Filters.
taps, signal = rng.normal(size=8), rng.normal(size=40)
save("taps", taps)
save("signal", signal)
for mode in ["symmetric", "edge", "constant"]:
    padded = np.pad(signal, 12, mode=mode)
    save(f"convolved_{mode}", np.convolve(padded, taps, "same")[12:-12])

gaussian = stats.norm.pdf(np.arange(-9, 10), scale=2.9)
gaussian /= gaussian.sum()
for name, filter in [("gaussian", gaussian), ("derivative", np.convolve(gaussian, [1, -1]))]:
    save(f"{name}_taps", filter)
    save(f"{name}_moments", [filter.sum(), (filter**2).sum(), np.linalg.norm(filter)])

# A step at t0 = 50 of size 3 that goes on far beyond samples 1 to 100.
step = np.where(np.arange(-99, 201) < 50, 0.0, 3.0)
save("step_mean", np.convolve(step, [1, 1, 1, 1, -1], "same")[100:200])

# Class means: four classes of unlike size.
labels = rng.permutation(np.repeat([0, 1, 2, 3], [5, 11, 1, 23]))
activations = (rng.normal(2, 3, size=(40, 6)) + labels[:, None]).clip(0).astype(np.float32)
save("labels", labels)
save("activations", activations, np.float32)
exact = activations.astype(np.float64)
save("class_means", [exact[labels == c].mean(axis=0) for c in range(4)])
save("class_variances", [exact[labels == c].var(axis=0) for c in range(4)])

# Statistics.
normal = rng.normal(0.4, 1, size=20)
related = 0.5 * normal + rng.normal(size=20)
save("normal", normal)
save("related", related)
save(
    "t_intervals",
    [
        [n, normal[:n].mean(), *stats.t.interval(0.95, n - 1, normal[:n].mean(), stats.sem(normal[:n]))]
        for n in [2, 3, 5, 10, 20]
    ],
)
save(
    "wilson",
    [
        [k, n, *stats.binomtest(k, n).proportion_ci(0.95, "wilson")]
        for k, n in [(0, 10), (3, 10), (10, 10), (1, 1), (5_980, 6_000), (59_999, 60_000)]
    ],
)
save(
    "exact_shares",
    [
        [k, n, *stats.binomtest(k, n).proportion_ci(0.95, "exact"), stats.binomtest(k, n).pvalue]
        for k, n in [(0, 10), (3, 10), (8, 10), (10, 10), (1, 1), (4, 4), (5, 5), (11, 20), (59, 60)]
    ],
)
bootstrap = stats.bootstrap((normal,), np.mean, method="percentile", n_resamples=200_000, rng=rng)
save("bootstrap", bootstrap.confidence_interval)
save(
    "significance",
    [
        stats.ttest_1samp(normal, 0.2).pvalue,
        stats.ttest_rel(normal, related).pvalue,
        stats.binomtest(int((normal > 0).sum()), 20).pvalue,
        stats.pearsonr(normal, related).statistic,
    ],
)
