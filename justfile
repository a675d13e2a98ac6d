# What Vitrine does, a recipe each. `just preset=full seeds=20 device=wgpu ch3` changes what a chapter runs with.

device := "cpu"
preset := "quick"
seeds := ""
features := if device == "cpu" { "" } else { "--features " + device }
run := "cargo run --release " + features + " --"
options := "--device " + device + " --preset " + preset + if seeds == "" { "" } else { " --seeds " + seeds }

# the recipes
default:
    @just --list

# compile everything, tests included
setup:
    cargo test --release --workspace --no-run

# chapter 3: locating the jump
ch3 *args:
    {{run}} reproduce ch3 {{options}} {{args}}

# chapter 4: bottlenecks
ch4 *args:
    {{run}} reproduce ch4 {{options}} {{args}}

# chapter 5: what networks want to see
ch5 *args:
    {{run}} reproduce ch5 {{options}} {{args}}

# chapter 6: learning against memorising
ch6 *args:
    {{run}} reproduce ch6 {{options}} {{args}}

# chapter 7: the whole table
ch7 *args:
    {{run}} reproduce ch7 {{options}} {{args}}

# everything there is, or what is named
reproduce *args="all":
    {{run}} reproduce {{args}} {{options}}

# the README's tests
test:
    cargo test --release --workspace

# a scratch environment with the peers that `bench` measures against
bench-setup:
    python3 -m venv .peers
    .peers/bin/pip install --quiet numpy scipy scikit-learn safetensors openTSNE "jax[cpu]" torch

# ours and the peers', run alternately; the table of medians and ratios
bench *args:
    cargo bench --workspace --no-run
    .peers/bin/python crates/model/benches/compare.py {{args}}
    .peers/bin/python crates/tsne/benches/tsne_compare.py
    .peers/bin/python crates/analysis/benches/deviations_peer.py
    .peers/bin/python crates/analysis/benches/embedding_theory_peer.py

# hostile input in full: the counts of docs/attack.md
attack:
    VITRINE_ATTACK=full cargo test --release --workspace --test attack -- --nocapture --test-threads=1

# a fuzz target of `fuzz/` for so many seconds; needs a nightly toolchain and cargo-fuzz
fuzz target seconds="60":
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}}

# advisories about what is built; needs cargo-deny
deny:
    cargo deny check advisories sources

# what must hold before a change lands
ci:
    bash .ci/run

# the API's documentation
doc:
    cargo doc --workspace --no-deps --open
