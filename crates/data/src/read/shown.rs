//! Text of a file within an error: short, and of one line whatever it holds.

/// Longer text is cut.
const MAX_CHARS: usize = 60;

/// The text in backquotes, with what is no visible character written out.
pub fn shown(text: &str) -> String {
    let mut whole = text.chars();
    let start: String = whole.by_ref().take(MAX_CHARS).flat_map(char::escape_debug).collect();
    let rest = if whole.next().is_some() { "…" } else { "" };
    format!("`{start}{rest}`").replace("\\'", "'").replace("\\\"", "\"")
}

/// What a library says of an error, in one line.
pub fn one_line(error: impl std::fmt::Display) -> String {
    let said = error.to_string();
    said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

/// A list for an error: the first few.
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    const MAX_ITEMS: usize = 12;
    let start: Vec<String> = items.iter().take(MAX_ITEMS).map(|item| shown(item.as_ref())).collect();
    match items.len().checked_sub(MAX_ITEMS) {
        None | Some(0) => start.join(", "),
        Some(n_more) => format!("{} and {n_more} more", start.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_one_short_line() {
        assert_eq!(shown("it's \"a\""), "`it's \"a\"`");
        assert_eq!(shown("a\n\u{202e}b"), "`a\\n\\u{202e}b`");
        assert_eq!(shown(&"x".repeat(100)), format!("`{}…`", "x".repeat(60)));
        assert_eq!(one_line("a\n  b"), "a b");
        assert_eq!(listed(&["a"; 13]), format!("{} and 1 more", ["`a`"; 12].join(", ")));
    }
}
