"""openTSNE's time for an embedding: reads `SIGNALS.npy EMBEDDING.npy SEED` a line, writes the embedding, and answers
with a line of JSON: seconds of the processor and of the clock. It runs on as many threads as its argument says.

The schedule is the usual one: FFT-interpolated repulsion, a start from the principal components, 250 iterations at an
exaggeration of 12 with momentum 0.5, then 750 with momentum 0.8, learning rate n / exaggeration.
"""

import json
import os
import sys
import time

N_THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:N_THREADS])
for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
    os.environ[name] = str(N_THREADS)

import numpy as np
from openTSNE import TSNE

for line in sys.stdin:
    signals_path, embedding_path, seed = line.split()
    signals = np.load(signals_path)
    tsne = TSNE(perplexity=30, early_exaggeration=12, early_exaggeration_iter=250, n_iter=750, initial_momentum=0.5,
                final_momentum=0.8, initialization="pca", negative_gradient_method="fft", n_jobs=N_THREADS,
                random_state=int(seed))
    started, processor = time.perf_counter(), time.process_time()
    embedding = tsne.fit(signals)
    seconds = {"cpu": time.process_time() - processor, "wall": time.perf_counter() - started}
    np.save(embedding_path, np.asarray(embedding, dtype=np.float64))
    print(json.dumps(seconds), flush=True)
