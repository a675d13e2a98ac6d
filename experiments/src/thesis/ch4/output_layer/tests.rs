use ndarray::{Array2, Axis, concatenate};
use vitrine_lab::{Saved, Stands};

use super::*;

/// Races of two seeds, in which the drawn start is low enough in its third epoch and the constructed one in `epochs`.
fn raced_to(epochs: [usize; 2]) -> Found {
    let low_from =
        |epoch: usize| Array2::from_shape_fn((1, 4), |(_, e)| if e + 1 < epoch { 9.0 } else { 1.0 });
    let rows = |epochs: [usize; 2]| {
        let [first, second] = epochs.map(low_from);
        Saved(concatenate![Axis(0), first, second])
    };
    let races = || Races { drawn: rows([3, 3]), constructed: rows(epochs) };
    Found {
        seeds: vec![0, 1],
        accuracy: BTreeMap::new(),
        races: raced().map(|(_, spec)| (spec.to_string(), races())).collect(),
    }
}

#[test]
fn the_constructed_start_agrees_where_it_wins_every_race_and_says_how_far_or_that_it_never_arrives() {
    let said = |epochs: [usize; 2]| {
        let [shallow, deep] = OutputLayers.agreements(&raced_to(epochs)).try_into().unwrap();
        assert_eq!((shallow.parts.len(), deep.parts.len()), (2, 2), "a picture has its own networks");
        assert_eq!(shallow.stands(), deep.stands());
        shallow
    };
    assert_eq!(said([1, 2]).stands(), Stands::Agrees);
    assert_eq!(said([1, 4]).stands(), Stands::Differs, "half of the seeds are not most");
    let never = said([3, 9]);
    assert_eq!(never.stands(), Stands::Differs, "a tie is no win");
    assert!(
        never.parts.iter().all(|part| part.numbers == "1.00 times as many epochs; never there in 1 of 2")
    );
    assert_eq!(
        never.parts[0].statement,
        "bottleneck:100-4-60: the constructed start gets to a validation loss of 1.86 first"
    );
    let why = never.why.unwrap();
    let first = "from the constructed start 100-4-60 stops short of 1.86 in 1 of 2 seeds (at 9.00), gets there no \
                 sooner in 1 of 2 seeds (3 epochs against 3); 100-10-60 stops short";
    assert!(why.starts_with(first), "{why}");
}

#[test]
fn every_race_has_a_loss_fixed_beforehand() {
    assert!(raced().all(|(_, spec)| 1.0 < goal(&spec.to_string())));
    assert_eq!((goal("bottleneck:100-4-60"), goal("bottleneck:100-25-10-25-60")), (1.86, 1.28));
}
