"""Reference arrays for the pseudo-inverse and the embedding theory, made with NumPy.

Run from the root of the repository: `python assets/reference/embedding_theory.py`.
"""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).with_suffix("")
rng = np.random.default_rng(43)


def save(name, values):
    np.save(FOLDER / f"{name}.npy", np.ascontiguousarray(values, dtype=np.float64))


# Pseudo-inverses, with NumPy's rule for the rank: max(m, n) · eps · s_max.
low_rank = rng.normal(size=(6, 2)) @ rng.normal(size=(2, 9))
for shape, matrix in {
    "wide": rng.uniform(size=(3, 11)),
    "tall": rng.normal(size=(12, 4)),
    "square": rng.normal(size=(5, 5)),
    "rank_deficient_wide": low_rank,
    "rank_deficient_tall": low_rank.T,
    "zero": np.zeros((3, 4)),
}.items():
    save(f"pinv_{shape}_in", matrix)
    save(f"pinv_{shape}_out", np.linalg.pinv(matrix, rtol=None))

left, _ = np.linalg.qr(rng.normal(size=(7, 3)))
right, _ = np.linalg.qr(rng.normal(size=(4, 3)))
matrix = left @ np.diag([1, 1e-3, 1e-6]) @ right.T
save("pinv_cutoff_in", matrix)
save("pinv_cutoff_out", np.linalg.pinv(matrix, rcond=1e-4))

# Is each set of points embedded? 200 sets of 8 points in 4 dimensions, on the cube and normal.
sets = np.concatenate([rng.uniform(size=(100, 8, 4)), rng.normal(size=(100, 8, 4))])
save("sets", sets.reshape(200, 32))
centred = sets - sets.mean(axis=1, keepdims=True)
for name, points in [("linear", sets), ("centred", centred)]:
    images = points @ np.linalg.pinv(points)  # [set, k, j]: element j of the image of point k, as (F⁺ v_k)_j.
    save(f"embedded_{name}", (images.argmax(axis=2) == np.arange(8)).all(axis=1)[:, None])

# Least squares from codes to one-hot labels with a column of ones (eq. 4.1).
labels = np.repeat(np.arange(5), 8)
codes = (rng.normal(size=(5, 3))[labels] + 0.3 * rng.normal(size=(40, 3))).astype(np.float32)
design = np.hstack([codes.astype(np.float64), np.ones((40, 1))])
solution = np.linalg.lstsq(design, np.eye(5)[labels], rcond=None)[0]
save("codes", codes)
save("code_labels", labels[:, None])
save("affine_weight", solution[:3].T)
save("affine_bias", solution[3][:, None])
