"""t-SNE of 12 000 noisy steps of 100 samples, ours and openTSNE's, run alternately: seconds of the processor and exact divergence.

    cargo bench --workspace --bench tsne --no-run
    .peers/bin/python crates/tsne/benches/tsne_compare.py [--rounds 5] [--threads 1] [--json FILE]

Every round draws signals from a seed of its own and embeds them with both programs; one and the same function
computes the Kullback–Leibler divergence of both embeddings, over all pairs and with exact neighbours. A ratio below
one means that ours takes less, a difference below zero that ours is the better embedding.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


class Program:
    """A program that answers tasks, one at a time."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, *task):
        self.process.stdin.write(" ".join(map(str, task)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.process.args}: no answer to {task}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def bench_executable():
    """The newest build of the bench, as cargo names it."""
    built = subprocess.run(
        ["cargo", "bench", "--workspace", "--bench", "tsne", "--no-run", "--message-format", "json"],
        cwd=HERE, capture_output=True, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    [executable] = [m["executable"] for m in messages if m.get("target", {}).get("name") == "tsne"
                    and m.get("executable")]
    return executable


def measure(ours, theirs, seed, folder):
    signals, embedding = folder / f"signals{seed}.npy", folder / f"embedding{seed}.npy"
    ours.answer("signals", seed, signals)
    us = ours.answer("fit", seed)
    them = theirs.answer(signals, embedding, seed)
    them |= ours.answer("divergence", seed, embedding)
    return {"seed": seed, "ours": us, "openTSNE": them, "cpu_ratio": us["cpu"] / them["cpu"],
            "wall_ratio": us["wall"] / them["wall"], "divergence_difference": us["divergence"] - them["divergence"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    threads = str(options.threads)
    taskset = ["taskset", "-c", f"0-{options.threads - 1}"]
    ours = Program([*taskset, bench_executable(), "serve", threads])
    theirs = Program([sys.executable, HERE / "tsne_peer.py", threads])
    rounds = []
    print("| seed | s of the processor, ours | openTSNE | ratio | KL, ours | openTSNE | difference |")
    print("|---:" * 7 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.rounds):
            row = measure(ours, theirs, seed, Path(folder))
            us, them = row["ours"], row["openTSNE"]
            print(f"| {seed} | {us['cpu']:.2f} | {them['cpu']:.2f} | {row['cpu_ratio']:.3f} | {us['divergence']:.4f} "
                  f"| {them['divergence']:.4f} | {row['divergence_difference']:+.4f} |", flush=True)
            rounds.append(row)
    ours.close()
    theirs.close()
    median = {key: statistics.median(row[key] for row in rounds)
              for key in ["cpu_ratio", "wall_ratio", "divergence_difference"]}
    print(f"| median | | | **{median['cpu_ratio']:.3f}** | | | **{median['divergence_difference']:+.4f}** |")
    if options.json:
        options.json.write_text(json.dumps({"threads": options.threads, "median": median, "rounds": rounds}, indent=2))


main()
