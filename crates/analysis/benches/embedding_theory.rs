//! Trials of the embedding theory per second, on one thread: a line of JSON.
//!
//! `embedding_theory_peer.py` runs this and NumPy alternately.

use std::io::Write;
use std::time::Instant;

use vitrine_analysis::embedding_theory::{
    Cell, CellError, MapKind, PointLaw, Scheme, Separation, TRIALS_PER_BLOCK, successes_in_blocks,
};

/// A round lasts about so long.
const SECONDS: f64 = 0.3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cell = |p, n| Cell { p, n, points: PointLaw::Cube, map: MapKind::Centred, separation: None };
    let apart = |scheme| Some(Separation { distance: 0.2, scheme });
    let cells = [
        ("p=2 n=5", cell(2, 5)),
        ("p=2 n=10", cell(2, 10)),
        ("p=4 n=12", cell(4, 12)),
        ("p=6 n=18", cell(6, 18)),
        ("p=8 n=24", cell(8, 24)),
        ("p=10 n=20", cell(10, 20)),
        ("p=10 n=50", cell(10, 50)),
        ("p=10 n=50 linear", Cell { map: MapKind::Linear, ..cell(10, 50) }),
        ("p=10 n=50 normal", Cell { points: PointLaw::Normal, ..cell(10, 50) }),
        ("p=10 n=50 sphere", Cell { points: PointLaw::Sphere, ..cell(10, 50) }),
        ("p=2 n=8 r=0.2 whole set", Cell { separation: apart(Scheme::WholeSet), ..cell(2, 8) }),
        ("p=2 n=8 r=0.2 sequential", Cell { separation: apart(Scheme::Sequential), ..cell(2, 8) }),
    ];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let mut fields = Vec::new();
    for (name, cell) in cells {
        let seconds = pool.install(|| seconds_per_trial(&cell))?;
        fields.push(format!("\"{name}\": {seconds:.4e}"));
    }
    writeln!(std::io::stdout(), "{{{}}}", fields.join(", "))?;
    Ok(())
}

fn seconds_per_trial(cell: &Cell) -> Result<f64, CellError> {
    successes_in_blocks(cell, 0, 0..1)?;
    let started = Instant::now();
    let mut n_blocks = 0;
    while started.elapsed().as_secs_f64() < SECONDS {
        successes_in_blocks(cell, 1, n_blocks..n_blocks + 1)?;
        n_blocks += 1;
    }
    Ok(started.elapsed().as_secs_f64() / (n_blocks * TRIALS_PER_BLOCK) as f64)
}
