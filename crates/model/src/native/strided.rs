//! Values some way apart.

/// Calls `each` with every value of `to` and the one of `from` that belongs to it, `stride` from one to the next.
#[inline(always)]
pub fn every(to: &mut [f32], from: &[f32], stride: usize, mut each: impl FnMut(&mut f32, f32)) {
    match stride {
        1 => {
            for (to, from) in to.iter_mut().zip(from) {
                each(to, *from);
            }
        }
        // Of a known step vectors are made.
        2 => {
            let Some((last, to)) = to.split_last_mut() else { return };
            let (pairs, rest) = from[..2 * to.len() + 1].as_chunks::<2>();
            for (to, [from, _]) in to.iter_mut().zip(pairs) {
                each(to, *from);
            }
            each(last, rest[0]);
        }
        _ => {
            for (to, from) in to.iter_mut().zip(from.iter().step_by(stride)) {
                each(to, *from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_meets_its_own() {
        let from: Vec<f32> = (0..10).map(|i| i as f32).collect();
        for stride in 1..5 {
            for len in 0..=(10 - 1) / stride {
                let mut to = vec![100.0; len];
                every(&mut to, &from, stride, |to, from| *to += from);
                let expected: Vec<f32> = (0..len).map(|i| 100.0 + (i * stride) as f32).collect();
                assert_eq!(to, expected);
            }
        }
    }
}
