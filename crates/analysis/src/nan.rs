//! NaN in JSON, which has none: it is written as null.

use serde::{Deserialize, Deserializer};

/// Reads a number, and null as the NaN that it was.
pub fn or_null<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use crate::deviations::Deviation;
    use crate::statistics::Interval;

    #[test]
    fn an_interval_of_nothing_is_read_back() {
        let of_nothing =
            Deviation { interval: Interval::of_mean(&[]), standard_error: f64::NAN, n_undefined: 3 };
        let json = serde_json::to_string(&of_nothing).unwrap();
        assert!(json.contains("\"mean\":null"), "{json}");
        let read: Deviation = serde_json::from_str(&json).unwrap();
        assert!(read.interval.mean.is_nan() && read.standard_error.is_nan());
        assert_eq!((read.interval.n, read.n_undefined), (0, 3));
    }
}
