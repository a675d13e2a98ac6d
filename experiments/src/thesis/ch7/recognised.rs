//! Whether the signals shown are all recognised, seed by seed (thesis fig. 7.1).

use ndarray::{ArrayView2, Axis};
use vitrine_data::Shape;
use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement};

/// What the thesis says of figure 7.1, of the positions that a network names for a signal of each shape that jumps at
/// `jump`, and of its probabilities for it: `[n_seeds, n_shapes]` each, the training signals' own shape first.
pub fn all_recognised(named: ArrayView2<f64>, probabilities: ArrayView2<f64>, jump: usize) -> Agreement {
    let is_right = |named: &f64| *named == jump as f64;
    let unlike =
        |named: ndarray::ArrayView1<f64>| named.iter().skip(1).filter(|n| is_right(n)).count() as f64;
    let n_right: Vec<f64> = named.rows().into_iter().map(unlike).collect();
    let n_unlike = named.ncols().saturating_sub(1);
    let missed: Vec<String> = Shape::ALL
        .iter()
        .zip(named.columns().into_iter().zip(probabilities.axis_iter(Axis(1))))
        .skip(1)
        .filter(|(_, (named, _))| !named.iter().all(is_right))
        .map(|(shape, (named, probabilities))| {
            let n_missed = named.iter().filter(|named| !is_right(named)).count();
            let of_jump = span(&probabilities.to_vec(), 2);
            format!("the {} in {n_missed} of {} seeds (its probability {of_jump})", shape.name(), named.len())
        })
        .collect();
    let smallest: Vec<f64> = probabilities
        .rows()
        .into_iter()
        .map(|p| p.iter().skip(1).copied().fold(f64::NAN, f64::min))
        .collect();
    let of_step = probabilities.column(0).to_vec();
    let counts_nowhere_else = |p: ndarray::ArrayView1<f64>| p.iter().all(|own| (own - p[0]).abs() <= 0.1);
    let not_recognised = if missed.is_empty() {
        "all are recognised".to_string()
    } else {
        format!("not recognised: {}", missed.join(", "))
    };
    agreement("7.1")
        .so(
            &format!("the network recognises every shape: its largest probability is that of {jump}"),
            &n_right.iter().map(|&n| n == n_unlike as f64).collect::<Vec<_>>(),
            format!("{} of {n_unlike}", span(&n_right, 0)),
        )
        .so(
            &format!("what happens elsewhere does not count: every shape has the step's probability for {jump}, by 0.1 more or less"),
            &probabilities.rows().into_iter().map(counts_nowhere_else).collect::<Vec<_>>(),
            format!("the step {}, the shape with the least {}", span(&of_step, 2), span(&smallest, 2)),
        )
        .because(&format!(
            "{not_recognised}; as made, shapes have the step's rise at {jump} and differ from it elsewhere alone, so that does count; claim C15 asks for less, that more than half be recognised, over all positions"
        ))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, s};
    use vitrine_lab::Stands;

    use super::*;

    #[test]
    fn one_shape_that_is_missed_is_named_with_its_probability() {
        let shape = (2, Shape::ALL.len());
        let (mut named, mut probabilities) = (Array2::from_elem(shape, 50.0), Array2::from_elem(shape, 0.9));
        let agrees = all_recognised(named.view(), probabilities.view(), 50);
        assert_eq!((agrees.stands(), agrees.why), (Stands::Agrees, None));
        (named[(1, 1)], probabilities[(1, 1)]) = (51.0, 0.08);
        let part = all_recognised(named.view(), probabilities.view(), 50);
        let why = "not recognised: the single peak in 1 of 2 seeds (its probability 0.08 to 0.90);";
        assert!(part.why.as_ref().is_some_and(|text| text.starts_with(why)), "{:?}", part.why);
        assert_eq!(part.parts[0].numbers, "10 to 11 of 11");
        assert_eq!(part.parts[1].numbers, "the step 0.90, the shape with the least 0.08 to 0.90");
        let both = all_recognised(named.slice(s![1.., ..]), probabilities.slice(s![1.., ..]), 50);
        assert_eq!(both.stands(), Stands::Differs);
    }
}
