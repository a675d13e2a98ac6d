//! The values of filters, cut into shares that are computed one by one.

use std::mem::take;
use std::ops::Range;

/// Values at a run of places of some filters.
pub struct Share<'a> {
    /// Counted over all samples.
    pub places: Range<usize>,
    pub filters: Range<usize>,
    pub pieces: Vec<Piece<'a>>,
}

/// Values of one filter at places of one sample.
pub struct Piece<'a> {
    /// Among those of the share.
    pub filter: usize,
    /// Its first place among those of the share.
    pub start: usize,
    pub values: &'a mut [f32],
}

/// All shares of `z [n_samples, n_filters, n_places]`, of at most so many places and filters each.
pub fn shares(
    z: &mut [f32],
    n_places: usize,
    n_filters: usize,
    most_places: usize,
    most_filters: usize,
) -> Vec<Share<'_>> {
    let all_places = z.len() / n_filters;
    let n_parts = n_filters.div_ceil(most_filters);
    let share = |place: usize, filter: usize| Share {
        places: place..all_places.min(place + most_places),
        filters: filter..n_filters.min(filter + most_filters),
        pieces: Vec::new(),
    };
    let mut shares: Vec<Share<'_>> = (0..all_places)
        .step_by(most_places)
        .flat_map(|place| (0..n_filters).step_by(most_filters).map(move |filter| share(place, filter)))
        .collect();
    for (row, mut values) in z.chunks_exact_mut(n_places).enumerate() {
        let (sample, filter) = (row / n_filters, row % n_filters);
        let mut place = sample * n_places;
        while !values.is_empty() {
            let start = place % most_places;
            let (piece, rest) =
                take(&mut values).split_at_mut((most_places - start).min(n_places - place % n_places));
            let share = &mut shares[place / most_places * n_parts + filter / most_filters];
            place += piece.len();
            share.pieces.push(Piece { filter: filter % most_filters, start, values: piece });
            values = rest;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_one_share() {
        // Two samples of three filters at five places each.
        let mut z = vec![0.0; 30];
        for (number, share) in shares(&mut z, 5, 3, 4, 2).into_iter().enumerate() {
            for piece in share.pieces {
                assert!(piece.filter < share.filters.len());
                assert!(piece.start + piece.values.len() <= share.places.len());
                for (i, value) in piece.values.iter_mut().enumerate() {
                    let place = share.places.start + piece.start + i;
                    assert_eq!(*value, 0.0);
                    *value = (1000 * (number + 1) + 10 * place + share.filters.start + piece.filter) as f32;
                }
            }
        }
        for (i, value) in z.into_iter().enumerate() {
            let (place, filter) = (i / 15 * 5 + i % 5, i / 5 % 3);
            let number = place / 4 * 2 + filter / 2;
            assert_eq!(value as usize, 1000 * (number + 1) + 10 * place + filter);
        }
    }
}
