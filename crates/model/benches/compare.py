"""Ours and the peers', run alternately: medians over rounds and their ratios.

    cargo bench --workspace --bench step --no-run
    .peers/bin/python crates/model/benches/compare.py [--rounds 5] [--threads 1] [--json FILE] [--markdown FILE]
                                                      [--compiled] [SHAPE …] [--peers PyTorch]

Every round measures a shape with each program in turn, so that whatever else the machine does falls on all of
them. A ratio is the median over rounds of the ratio within a round: below one, ours is faster.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SMALL = ["mlp:100-60", "mlp:100-100-60", "mlp:100-100-100-60", "mlp:100-100-100-100-60", "cnn:100,conv7,60",
         "cnn:100,conv5,conv7,conv9,60", "bottleneck:100-25-2-25-60"]
MNIST = "mlp:784-784-784-784-784-10"
LENET = "cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10"
EVALUATED = "mlp:100-100-60"


class Program:
    """A program that answers tasks, one at a time."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, task, shape):
        self.process.stdin.write(f"{task} {shape}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.process.args}: no answer to `{task} {shape}`")
        return json.loads(answer)["best"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def bench_executable():
    """The newest build of the bench, as cargo names it."""
    built = subprocess.run(
        ["cargo", "bench", "--workspace", "--bench", "step", "--no-run", "--message-format", "json"],
        cwd=HERE, capture_output=True, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    [executable] = [m["executable"] for m in messages if m.get("target", {}).get("name") == "step"
                    and m.get("executable")]
    return executable


def measure(programs, tasks, rounds):
    rows = []
    for task, shape in tasks:
        knows = lambda name: shape != LENET or not name.startswith("JAX")
        seconds = {name: [] for name in programs if knows(name)}
        for _ in range(rounds):
            for name in seconds:
                seconds[name].append(programs[name].seconds(task, shape))
        ratios = {name: statistics.median(a / b for a, b in zip(seconds["ours"], seconds[name]))
                  for name in seconds if name != "ours"}
        rows.append({"task": task, "shape": shape, "ratios": ratios,
                     "microseconds": {name: 1e6 * statistics.median(s) for name, s in seconds.items()}})
        print(line(rows[-1], list(programs)), file=sys.stderr, flush=True)
    return rows


def line(row, names):
    def cell(name):
        us = row["microseconds"].get(name)
        if us is None:
            return "–"
        return f"{us:,.0f}" if name == "ours" else f"{us:,.0f} (**{row['ratios'][name]:.2f}**)"

    cells = [f"{row['task']} `{row['shape']}`", *map(cell, names)]
    return "| " + " | ".join(cells) + " |"


def table(rows, names):
    head = ["µs (ours / theirs)", *names]
    return "\n".join(["| " + " | ".join(head) + " |", "|---" + "|---:" * len(names) + "|", *(line(row, names) for row in rows)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", default=[*SMALL, MNIST, LENET])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peers", nargs="*", default=["JAX scan", "PyTorch"], help="those to measure against")
    parser.add_argument("--compiled", action="store_true", help="PyTorch compiled, too")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    threads = str(options.threads)
    taskset = ["taskset", "-c", f"0-{options.threads - 1}"]
    scripts = {"JAX scan": "peer_jax.py", "PyTorch": "peer_torch.py"}
    programs = {"ours": Program([*taskset, bench_executable(), "serve", threads])}
    programs |= {name: Program([sys.executable, HERE / scripts[name], threads]) for name in options.peers}
    if options.compiled:
        programs["PyTorch compiled"] = Program([sys.executable, HERE / "peer_torch.py", threads, "compiled"])
    tasks = [("step", shape) for shape in options.shapes]
    tasks += [("evaluate", EVALUATED)] if EVALUATED in options.shapes else []
    tasks += [("forward", LENET)] if LENET in options.shapes else []
    rows = measure(programs, tasks, options.rounds)
    for program in programs.values():
        program.close()
    if options.json:
        options.json.write_text(json.dumps({"threads": options.threads, "rounds": options.rounds, "rows": rows}, indent=2))
    if options.markdown:
        options.markdown.write_text(table(rows, list(programs)) + "\n")
    print(table(rows, list(programs)))


main()
