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
    fn now_is_a_date_and_a_time_in_utc_to_the_second() {
        let before = Timestamp::now().as_second();
        let said = now();
        let read = said.parse::<Timestamp>().unwrap().as_second();
        assert!((before..=before + 60).contains(&read), "{said}");
        assert_eq!((said.len(), said.chars().last()), (20, Some('Z')));
    }
}
