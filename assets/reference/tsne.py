"""Reference arrays for t-SNE and the quality of embeddings, made with openTSNE and scikit-learn.

Run from the root of the repository: `python assets/reference/tsne.py`.
"""

from pathlib import Path

import numpy as np
from openTSNE import TSNE, affinity
from scipy import optimize, stats
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors

FOLDER = Path(__file__).with_suffix("")
FOLDER.mkdir(exist_ok=True)
rng = np.random.default_rng(44)


def save(name, values, dtype=np.float64):
    np.save(FOLDER / f"{name}.npy", np.ascontiguousarray(values, dtype=dtype))


# Three clouds of unlike width, 60 points in 7 dimensions, far from the origin.
centres = 100 + rng.normal(scale=4, size=(3, 7))
points = (centres[np.arange(60) % 3] + rng.normal(size=(60, 7)) * (1 + np.arange(60) % 3)[:, None]).astype(np.float32)
save("points", points, np.float32)

# Neighbours and affinities at perplexity 6, so that 18 neighbours count.
exact = NearestNeighbors(n_neighbors=18, algorithm="brute").fit(points.astype(np.float64))
distances, indices = exact.kneighbors()
save("neighbours", indices)
by_open = affinity.PerplexityBasedNN(points.astype(np.float64), perplexity=6, method="exact").P.toarray()
graph = exact.kneighbors_graph(mode="distance")
graph.data **= 2
by_sklearn = _joint_probabilities_nn(graph, 6, 0).toarray()
save("affinities_opentsne", by_open)
save("affinities_sklearn", by_sklearn)


def conditional(squared):
    """Affinities of a row, by a root finder that goes on to the last digit."""
    def shares(log_beta):
        weights = np.exp(-np.exp(log_beta) * (squared - squared.min()))
        return weights / weights.sum()
    return shares(optimize.brentq(lambda b: stats.entropy(shares(b)) - np.log(6), -20, 20, xtol=1e-14, rtol=1e-14))


by_scipy = np.zeros((60, 60))
for i in range(60):
    by_scipy[i, indices[i]] = conditional(cdist(points[i:i + 1].astype(np.float64), points[indices[i]], "sqeuclidean")[0])
by_scipy = (by_scipy + by_scipy.T) / 120
save("affinities_scipy", by_scipy)
print("openTSNE and SciPy differ by", np.abs(by_open - by_scipy).max())

# The start, but for its jitter.
start = PCA(2, svd_solver="full").fit_transform(points.astype(np.float64))
save("start", start / start[:, 0].std() * 1e-4)

# Divergence and gradient of some embedding, over all pairs.
embedding = rng.normal(scale=3, size=(60, 2)).astype(np.float32)
save("embedding", embedding, np.float32)
similarities = 1 / (1 + cdist(embedding, embedding, "sqeuclidean"))
np.fill_diagonal(similarities, 0)
shares = similarities / similarities.sum()
present = by_scipy > 0
save("divergence", [[(by_scipy[present] * np.log(by_scipy[present] / shares[present])).sum()]])
differences = embedding[:, None].astype(np.float64) - embedding[None]
save("repulsion", (similarities[..., None] ** 2 * differences).sum(1))
save("attraction", ((by_scipy * similarities)[..., None] * differences).sum(1))

# Quality: of the embedding at random, and of one by openTSNE.
made = np.asarray(TSNE(perplexity=6, random_state=0, negative_gradient_method="bh").fit(points)).astype(np.float32)
save("embedding_opentsne", made, np.float32)
save("trustworthiness", [[trustworthiness(points.astype(np.float64), e.astype(np.float64), n_neighbors=k)
                          for k in (5, 12)] for e in (embedding, made)])


def preservation(embedded, k):
    near = [NearestNeighbors(n_neighbors=k).fit(x.astype(np.float64)).kneighbors(return_distance=False)
            for x in (points, embedded)]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(*near)])


save("preservation", [[preservation(e, k) for k in (5, 12)] for e in (embedding, made)])
