//! Arithmetic on whole numbers that are known: of shapes, places and conditions.

use ndarray::{ArrayD, IxDyn};

use super::known::{Known, Size};

/// Arrays computed with at most: shapes are short.
const MAX_VALUES: usize = 4_096;

/// The result of an operator on known whole numbers; `None` where it is left to a node.
pub fn arithmetic(operator: &str, arrays: &[&Known]) -> Option<Known> {
    let all: Vec<&ArrayD<Size>> = arrays
        .iter()
        .map(|array| match array {
            Known::Wholes(array) if array.len() <= MAX_VALUES => Some(array),
            _ => None,
        })
        .collect::<Option<_>>()?;
    match (operator, &all[..]) {
        ("ReduceProd" | "ReduceSum", [array]) => {
            let start = Size::Number(i64::from(operator == "ReduceProd"));
            let inner = if operator == "ReduceProd" { "Mul" } else { "Add" };
            // Of a row alone: with more axes it would matter which are named.
            if array.ndim() != 1 {
                return None;
            }
            let total = array.iter().try_fold(start, |total, &size| of_two(inner, total, size))?;
            Some(Known::Wholes(ArrayD::from_elem(IxDyn(&[]), total)))
        }
        ("Neg", [array]) => map(array, |size| of_two("Sub", Size::Number(0), size)),
        ("Where", [condition, a, b]) => {
            let chosen = |i: usize| {
                let is_true = at(condition, i) != Size::Number(0);
                Some(if is_true { at(a, i) } else { at(b, i) })
            };
            let shape = common(&[condition, a, b])?;
            fill(&shape, chosen)
        }
        (_, [a, b]) => {
            let shape = common(&[a, b])?;
            fill(&shape, |i| of_two(operator, at(a, i), at(b, i)))
        }
        _ => None,
    }
}

fn map(array: &ArrayD<Size>, f: impl Fn(Size) -> Option<Size>) -> Option<Known> {
    let values: Option<Vec<Size>> = array.iter().map(|&size| f(size)).collect();
    Some(Known::Wholes(ArrayD::from_shape_vec(array.raw_dim(), values?).ok()?))
}

/// The shape of all: each has it, or holds one value.
fn common(all: &[&ArrayD<Size>]) -> Option<Vec<usize>> {
    let largest = all.iter().max_by_key(|array| (array.len(), array.ndim()))?;
    let fits = |array: &&ArrayD<Size>| array.len() == 1 || array.shape() == largest.shape();
    all.iter().all(fits).then(|| largest.shape().to_vec())
}

fn at(array: &ArrayD<Size>, i: usize) -> Size {
    array.iter().nth(if array.len() == 1 { 0 } else { i }).copied().unwrap_or(Size::Number(0))
}

fn fill(shape: &[usize], f: impl Fn(usize) -> Option<Size>) -> Option<Known> {
    let n = shape.iter().product();
    let values: Option<Vec<Size>> = (0..n).map(f).collect();
    Some(Known::Wholes(ArrayD::from_shape_vec(IxDyn(shape), values?).ok()?))
}

/// Of how many samples there are, what can be said without knowing.
fn of_two(operator: &str, a: Size, b: Size) -> Option<Size> {
    let (x, y) = match (operator, a, b) {
        ("Mul", Size::Batch, Size::Number(1)) | ("Mul", Size::Number(1), Size::Batch) => {
            return Some(Size::Batch);
        }
        ("Div", Size::Batch, Size::Number(1)) => return Some(Size::Batch),
        ("Add", Size::Batch, Size::Number(0)) | ("Add", Size::Number(0), Size::Batch) => {
            return Some(Size::Batch);
        }
        ("Sub", Size::Batch, Size::Number(0)) => return Some(Size::Batch),
        // A number of samples is neither −1 nor 0.
        ("Equal", Size::Batch, Size::Number(..=0)) | ("Equal", Size::Number(..=0), Size::Batch) => {
            return Some(Size::Number(0));
        }
        ("Equal", Size::Batch, Size::Batch) => return Some(Size::Number(1)),
        (_, Size::Number(x), Size::Number(y)) => (x, y),
        _ => return None,
    };
    let number = match operator {
        "Add" => x.checked_add(y)?,
        "Sub" => x.checked_sub(y)?,
        "Mul" => x.checked_mul(y)?,
        "Div" => x.checked_div(y)?,
        "Mod" => x.checked_rem_euclid(y)?,
        "Max" => x.max(y),
        "Min" => x.min(y),
        "Equal" => i64::from(x == y),
        "Greater" => i64::from(x > y),
        "GreaterOrEqual" => i64::from(x >= y),
        "Less" => i64::from(x < y),
        "LessOrEqual" => i64::from(x <= y),
        "And" => i64::from(x != 0 && y != 0),
        "Or" => i64::from(x != 0 || y != 0),
        _ => return None,
    };
    Some(Size::Number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_computed_with_and_the_number_of_samples_stays() {
        let row = |sizes: &[Size]| Known::sizes(sizes.to_vec());
        let (n, x) = (Size::Batch, Size::Number);
        let product = arithmetic("Mul", &[&row(&[x(3), x(4)]), &row(&[x(5)])]).unwrap();
        assert_eq!(product.as_sizes().unwrap(), [x(15), x(20)]);
        assert_eq!(arithmetic("Mul", &[&row(&[n]), &row(&[x(1)])]).unwrap().as_sizes().unwrap(), [n]);
        assert!(arithmetic("Mul", &[&row(&[n]), &row(&[x(2)])]).is_none());
        let all = arithmetic("ReduceProd", &[&row(&[x(2), x(3), x(4)])]).unwrap();
        assert_eq!((all.shape(), all.as_sizes().unwrap()), (&[][..], vec![x(24)]));
    }
}
