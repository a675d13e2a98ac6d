//! The time of day, written as RFC 3339 in UTC: `2026-11-24T02:15:09Z`.

use jiff::Timestamp;

/// Now, to the second.
pub fn now() -> String {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_date_and_a_time_in_utc_to_the_second() {
        assert_eq!(Timestamp::from_second(1_234_567_890).unwrap().to_string(), "2009-02-13T23:31:30Z");
        assert_eq!((now().len(), now().chars().last()), (20, Some('Z')));
    }
}
