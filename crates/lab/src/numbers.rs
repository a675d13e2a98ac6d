//! Numbers as people read them: four significant digits.

/// Four significant digits; a power of ten beyond five places; a dash for what is no number.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let size = value.abs();
    if value == 0.0 {
        return "0".into();
    }
    if !(1e-3..1e5).contains(&size) {
        return format!("{value:.2e}");
    }
    let decimals = (3 - size.log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

/// `[lo, hi]`.
pub fn interval([lo, hi]: [f64; 2]) -> String {
    format!("[{}, {}]", short(lo), short(hi))
}

/// The smallest and the largest of values, `0.31 to 0.42`; one where they read alike, a dash where none is a number.
pub fn range(values: &[f64], decimals: usize) -> String {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (Some(lo), Some(hi)) = (finite().reduce(f64::min), finite().reduce(f64::max)) else {
        return "–".into();
    };
    let [lo, hi] = [lo, hi].map(|value| format!("{value:.decimals$}"));
    if lo == hi { lo } else { format!("{lo} to {hi}") }
}

/// A p-value; the smallest are bounded, since their digits mean nothing.
pub fn p_value(p: f64) -> String {
    if p < 1e-4 { "< 0.0001".into() } else { format!("{p:.4}") }
}

/// Seconds as a duration in the two units that matter: `42 s`, `3 min 20 s`, `2 h 5 min`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match (whole / 3_600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, min, s) => format!("{min} min {s} s"),
        (h, min, _) => format!("{h} h {min} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_four_digits_and_no_zeros_at_the_end() {
        let shown = [0.0, 0.5, 1.0, 0.123456, -12.3456, 99_999.0, 123_456.0, 0.000_01, f64::NAN].map(short);
        assert_eq!(shown, ["0", "0.5", "1", "0.1235", "-12.35", "99999", "1.23e5", "1.00e-5", "–"]);
        assert_eq!(short(100.0), "100");
    }

    #[test]
    fn a_range_names_its_ends_and_skips_what_is_no_number() {
        assert_eq!(range(&[0.5, f64::NAN, -0.125, 0.25], 2), "-0.12 to 0.50");
        assert_eq!([range(&[0.51, 0.49], 0), range(&[f64::NAN], 1)], ["0 to 1", "–"]);
        assert_eq!(range(&[2.0, 2.001], 1), "2.0");
    }

    #[test]
    fn tiny_p_values_are_bounded() {
        assert_eq!([p_value(0.031), p_value(1e-9)], ["0.0310", "< 0.0001"]);
    }

    #[test]
    fn durations_name_two_units() {
        assert_eq!([42.4, 200.0, 7_500.0].map(duration), ["42 s", "3 min 20 s", "2 h 5 min"]);
    }
}
