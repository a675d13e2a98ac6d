"""A forward pass that keeps the values of all nodes, against ONNX Runtime's plain one, in pairs; and the memory it takes.

    python crates/model/benches/forward.py MODEL [N_SAMPLES] [ROUNDS]

Builds the bench `forward` and runs both in turns. MODEL is such as `assets/reference/onnx_models.py` writes,
`resnet18-224-old-any.onnx`. Needs onnxruntime.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import onnxruntime

MODEL = os.path.abspath(sys.argv[1])
N_SAMPLES = int(sys.argv[2]) if 2 < len(sys.argv) else 8
ROUNDS = int(sys.argv[3]) if 3 < len(sys.argv) else 9
# Threads of ONNX Runtime wait for more work awake: seconds until they sleep, and leave the cores to the other.
PAUSE = 0.2


def main():
    command = ["cargo", "bench", "--workspace", "--bench", "forward", "--", MODEL, str(N_SAMPLES)]
    ours = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer():
        for line in ours.stdout:
            if line.startswith("{"):
                return json.loads(line)
        sys.exit("the bench gave no answer")

    before = answer()["before"]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count()
    session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
    value = session.get_inputs()[0]
    x = np.random.rand(N_SAMPLES, *value.shape[1:]).astype(np.float32)
    pairs = []
    for _ in range(ROUNDS + 2):
        time.sleep(PAUSE)
        ours.stdin.write("once\n")
        ours.stdin.flush()
        here = answer()["seconds"]
        time.sleep(PAUSE)
        start = time.perf_counter()
        session.run(None, {value.name: x})
        pairs.append((here, time.perf_counter() - start))
    ours.stdin.close()
    last = answer()
    pairs = pairs[2:]
    here, there = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"all values here {1e3 * here:.0f} ms, ONNX Runtime plain {1e3 * there:.0f} ms, ratio {ratio:.2f}")
    kept, most = last["kept"], last["most"]
    print(f"values kept {kept / 1e6:.0f} MB, memory {(most - before) / 1e6:.0f} MB above the loaded model,"
          f" {(most - before) / kept:.2f} of it; {most / 1e6:.0f} MB in all, {most / kept:.2f}")


if __name__ == "__main__":
    main()
