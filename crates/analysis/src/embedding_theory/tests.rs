//! What the parts of the theory must do together.

use ndarray::{Array2, array, s};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::draw::{Draw, LANES};
use super::screen::Screen;
use super::*;
use crate::reference::matrix_of;

fn reference(name: &str) -> Array2<f64> {
    matrix_of("embedding_theory", name)
}

fn cell(p: usize, n: usize) -> Cell {
    Cell { p, n, points: PointLaw::Cube, map: MapKind::Centred, separation: None }
}

fn apart(p: usize, n: usize, distance: f64, scheme: Scheme) -> Cell {
    Cell { separation: Some(Separation { distance, scheme }), ..cell(p, n) }
}

fn share(cell: &Cell, n_blocks: u64) -> f64 {
    successes_in_blocks(cell, 1, 0..n_blocks).unwrap() as f64 / (n_blocks * TRIALS_PER_BLOCK) as f64
}

fn in_pool<R: Send>(n_threads: usize, run: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap().install(run)
}

#[test]
fn the_toy_construction_projects_unit_vectors() {
    let construction = Construction::of(array![[0.2, 0.1], [0.9, 0.3], [0.4, 0.8]].view());
    let expected = array![2.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0];
    let image = construction.images.column(0).to_owned();
    assert!((&image - &expected).iter().all(|d| d.abs() < 1e-12), "{image}");
    let outputs = construction.layer.outputs(construction.points.view());
    assert!((&outputs.t() - &construction.images).iter().all(|d| d.abs() < 1e-12));
}

#[test]
fn three_points_in_the_plane_are_embedded_unless_they_lie_in_line() {
    assert!(embeds(array![[0.2, 0.1], [0.9, 0.3], [0.4, 0.8]].view(), MapKind::Centred));
    assert!(!embeds(array![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]].view(), MapKind::Centred));
}

#[test]
fn embeddings_succeed_where_numpy_s_do() {
    let sets = reference("sets");
    for (kind, name) in
        [(MapKind::Linear, "linear"), (MapKind::Centred, "centred"), (MapKind::Affine, "centred")]
    {
        let expected = reference(&format!("embedded_{name}"));
        assert!((1..200).contains(&(expected.sum() as usize)), "both outcomes occur");
        for (set, expected) in sets.rows().into_iter().zip(expected.iter()) {
            let points = set.to_shape((8, 4)).unwrap();
            assert_eq!(embeds(points.view(), kind), *expected == 1.0);
            assert_eq!(decision::is_embedded(points.view(), kind != MapKind::Linear), *expected == 1.0);
        }
    }
}

#[test]
fn the_affine_layer_is_numpy_s_least_squares() {
    let codes = reference("codes").mapv(|x| x as f32);
    let labels: Vec<usize> = reference("code_labels").iter().map(|&label| label as usize).collect();
    let layer = OutputLayer::of_codes(codes.view(), &labels, 5, MapKind::Affine);
    assert!((&layer.weight - &reference("affine_weight")).iter().all(|d| d.abs() < 1e-10));
    assert!((&layer.bias - &reference("affine_bias").column(0)).iter().all(|d| d.abs() < 1e-10));
}

#[test]
fn codes_on_a_circle_are_all_recognised_by_the_constructed_layer() {
    let codes = Array2::from_shape_fn((24, 2), |(sample, i)| {
        let angle = (sample / 2) as f32 * 0.5;
        (1.0 + 0.01 * (sample % 2) as f32) * if i == 0 { angle.cos() } else { angle.sin() }
    });
    let labels: Vec<usize> = (0..24).map(|sample| sample / 2).collect();
    for layer in [
        OutputLayer::of_codes(codes.view(), &labels, 13, MapKind::Centred),
        OutputLayer::of_class_means(codes.view(), &labels, 13, MapKind::Linear),
        OutputLayer::of_class_means(codes.view(), &labels, 13, MapKind::Affine).scaled(30.0),
    ] {
        assert_eq!(layer.accuracy(codes.view(), &labels), 1.0);
        assert_eq!(layer.bias[12], f64::NEG_INFINITY, "nothing is known of class 12");
    }
}

/// The vectorised screen against the singular value decomposition, set by set.
#[test]
fn the_screen_is_sure_only_of_what_the_pseudo_inverse_says() {
    for (p, n, map) in [
        (1, 2, MapKind::Centred),
        (2, 4, MapKind::Centred),
        (2, 6, MapKind::Linear),
        (3, 5, MapKind::Linear),
        (4, 8, MapKind::Centred),
        (5, 6, MapKind::Centred),
        (7, 16, MapKind::Linear),
        (10, 20, MapKind::Centred),
        (10, 50, MapKind::Centred),
        (11, 14, MapKind::Centred),
    ] {
        for law in [PointLaw::Cube, PointLaw::Sphere, PointLaw::Normal] {
            let mut draw = Draw::new(law, n, p, ChaCha8Rng::seed_from_u64(p as u64));
            let mut screen = Screen::new(n, p, map != MapKind::Linear);
            let mut rows = vec![[0.0; LANES]; n * p];
            let mut n_unsure = 0;
            for _ in 0..20 {
                draw.fill(&mut rows);
                let verdicts = screen.judge(&rows);
                n_unsure += verdicts.unsure.count_ones();
                for lane in 0..LANES {
                    let points = block::set_of(&rows, n, p, lane);
                    let expected = embeds(points.view(), map);
                    let is_sure = verdicts.unsure >> lane & 1 == 0;
                    let succeeded = verdicts.succeeded >> lane & 1 == 1;
                    assert!(!is_sure || succeeded == expected, "{law:?} p = {p}, n = {n}: {points}");
                    assert_eq!(decision::is_embedded(points.view(), map != MapKind::Linear), expected);
                }
            }
            // Two points on a line, linear maps of few points and small sets of nearly flat ones are the hard cases.
            let is_easy = (2..=10).contains(&p) && 2 * p <= n;
            assert!(!is_easy || n_unsure <= 32, "{law:?} p = {p}, n = {n}: {n_unsure} of 320 unsure");
        }
    }
}

#[test]
fn points_that_coincide_or_lie_in_line_are_left_to_double_precision() {
    let mut rows = vec![[0.0; LANES]; 5 * 2];
    for (k, point) in rows.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        // In line in the first half of the sets, all in one point in the second.
        let at: [f32; LANES] = std::array::from_fn(|lane| if lane < 8 { k as f32 / 4.0 } else { 0.5 });
        *point = [at, at.map(|x| 2.0 * x)];
    }
    assert_eq!(Screen::new(5, 2, true).judge(&rows).unsure, u16::MAX);
}

/// The probabilities of figure 4.14, known from a million trials with NumPy each.
#[test]
fn probabilities_of_figure_4_14_are_met() {
    for (p, n, expected) in [
        (2, 4, 0.484),
        (2, 5, 0.140),
        (4, 10, 0.213),
        (6, 18, 0.197),
        (8, 24, 0.428),
        (10, 30, 0.652),
        (10, 50, 0.155),
    ] {
        let found = share(&cell(p, n), 16);
        assert!((found - expected).abs() < 0.008, "p = {p}, n = {n}: {found}");
    }
}

/// Figure 4.15, known from 100 000 trials with NumPy each.
#[test]
fn a_minimum_distance_raises_the_probability_as_in_figure_4_15() {
    for (n, distance, expected) in [(5, 0.1, 0.164), (5, 0.2, 0.218), (6, 0.1, 0.034), (6, 0.2, 0.051)] {
        let found = share(&apart(2, n, distance, Scheme::WholeSet), 16);
        assert!((found - expected).abs() < 0.006, "n = {n}, r = {distance}: {found}");
    }
}

#[test]
fn separated_points_keep_their_distance() {
    for scheme in [Scheme::WholeSet, Scheme::Sequential] {
        let cell = apart(2, 7, 0.2, scheme);
        let mut source = block::Source::new(&cell, ChaCha8Rng::seed_from_u64(3));
        let mut rows = vec![[0.0; LANES]; 14];
        for _ in 0..20 {
            assert!(source.fill(&mut rows));
            for lane in 0..LANES {
                let points = block::set_of(&rows, 7, 2, lane);
                for k in 0..7 {
                    for j in 0..k {
                        let step = &points.row(k) - &points.row(j);
                        assert!(0.2 - 1e-6 <= step.dot(&step).sqrt(), "{scheme:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_two_schemes_without_a_distance_are_the_free_draw() {
    let free = share(&cell(2, 5), 16);
    for scheme in [Scheme::WholeSet, Scheme::Sequential] {
        assert!((share(&apart(2, 5, 0.0, scheme), 16) - free).abs() < 0.008, "{scheme:?}");
    }
}

#[test]
fn counts_are_the_same_for_any_number_of_threads() {
    for cell in
        [cell(2, 5), apart(2, 5, 0.2, Scheme::Sequential), Cell { points: PointLaw::Normal, ..cell(4, 9) }]
    {
        let stopping = Stopping { relative_half_width: 0.05, ..Stopping::default() };
        let alone = in_pool(1, || simulate(&cell, &stopping, 7)).unwrap();
        assert!(0 < alone.successes);
        for n_threads in [2, 5] {
            assert_eq!(in_pool(n_threads, || simulate(&cell, &stopping, 7)).unwrap(), alone);
        }
    }
}

#[test]
fn blocks_and_seeds_have_streams_of_their_own() {
    let counts =
        |seed| (0..6).map(move |block| successes_in_blocks(&cell(2, 5), seed, block..block + 1).unwrap());
    let unlike: std::collections::BTreeSet<u64> = counts(1).chain(counts(2)).collect();
    assert!(6 < unlike.len(), "{unlike:?}");
}

#[test]
fn simulation_stops_once_the_interval_is_tight() {
    let stopping = Stopping { relative_half_width: 0.1, ..Stopping::default() };
    let Probability { share, trials, .. } = simulate(&cell(2, 6), &stopping, 5).unwrap();
    assert!((share.hi - share.lo) / 2.0 <= 0.1 * share.mean);
    assert!(trials <= 64 * TRIALS_PER_BLOCK);
}

#[test]
fn simulation_gives_up_without_a_success() {
    let stopping = Stopping { trials_without_success: 20_000, ..Stopping::default() };
    let Probability { successes, trials, share } = simulate(&cell(2, 14), &stopping, 5).unwrap();
    assert_eq!((successes, trials), (0, 8 * TRIALS_PER_BLOCK));
    assert!(0.0 < share.hi && share.hi < 2e-4);
}

#[test]
fn a_cell_that_means_nothing_is_refused() {
    let refused = |cell: Cell| successes_in_blocks(&cell, 0, 0..1).unwrap_err();
    assert_eq!(refused(cell(0, 3)), CellError::Empty { n: 3, p: 0 });
    assert!(matches!(refused(apart(2, 3, f64::NAN, Scheme::WholeSet)), CellError::Distance(_)));
    for scheme in [Scheme::WholeSet, Scheme::Sequential] {
        let error = refused(apart(2, 9, 0.9, scheme));
        assert_eq!(error, CellError::OutOfReach { n: 9, p: 2, distance: 0.9 });
    }
}

/// Mean 0, variance 1 and fourth moment 3 of 320 000 normal numbers; length 1 of points on the sphere.
#[test]
fn laws_have_their_moments() {
    let mut draw = Draw::new(PointLaw::Normal, 100, 10, ChaCha8Rng::seed_from_u64(1));
    let mut rows = vec![[0.0; LANES]; 1_000];
    let mut moments = [0.0; 4];
    for _ in 0..20 {
        draw.fill(&mut rows);
        for value in rows.as_flattened() {
            (0..4).for_each(|k| moments[k] += f64::from(*value).powi(k as i32 + 1) / 320_000.0);
        }
    }
    for (moment, (expected, tolerance)) in
        moments.iter().zip([(0.0, 0.008), (1.0, 0.01), (0.0, 0.03), (3.0, 0.08)])
    {
        assert!((moment - expected).abs() < tolerance, "{moments:?}");
    }
    let mut draw = Draw::new(PointLaw::Sphere, 5, 3, ChaCha8Rng::seed_from_u64(1));
    let mut rows = vec![[0.0; LANES]; 15];
    draw.fill(&mut rows);
    let points = block::set_of(&rows, 5, 3, 4);
    assert!(points.rows().into_iter().all(|point| (point.dot(&point) - 1.0).abs() < 1e-6));
    assert!(points.slice(s![.., 0]).iter().any(|x| *x < 0.0));
}
