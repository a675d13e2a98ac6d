//! Words that belong to some packages only: signals to the data, sections to the thesis.

use super::sources::{Sources, Violation};

/// Packages to which data are data, whatever they show.
const KNOW_NO_SIGNAL: [&str; 5] =
    ["crates/model", "crates/explain", "crates/lab", "crates/tsne", "crates/figures"];
const OF_SIGNALS: &str =
    "says \"jump\", a word of data/generate, analysis/detectors and the thesis; say sample, class or signal";
/// Packages that serve any paper.
const KNOW_NO_SECTION: [&str; 6] =
    ["crates/lab", "crates/model", "crates/explain", "crates/tsne", "crates/figures", "crates/analysis"];

/// Every line that says "jump" where that word does not belong: in code, tests, comments, manifests and READMEs.
pub fn of_signals(sources: &Sources) -> Vec<Violation> {
    let texts = KNOW_NO_SIGNAL.iter().flat_map(|package| sources.under(package));
    let lines =
        texts.flat_map(|(path, text)| text.lines().enumerate().map(move |(i, line)| (path, i + 1, line)));
    let says = lines.filter(|(_, _, line)| line.to_lowercase().contains("jump"));
    let violation =
        |(path, line, _): (&str, usize, &str)| Violation { path: path.into(), line, what: OF_SIGNALS.into() };
    says.map(violation).collect()
}

/// Every string that names a section, figure, table or chapter of the thesis, tests apart. Documentation may cite.
pub fn of_sections(sources: &Sources) -> Vec<Violation> {
    let codes = KNOW_NO_SECTION.iter().flat_map(|package| sources.codes_under(package));
    let strings = codes.flat_map(|(path, code)| {
        code.all_named()
            .into_iter()
            .flat_map(|named| &named.strings)
            .map(move |(text, line)| (path, *line, text))
    });
    strings.filter_map(named).collect()
}

fn named((path, line, text): (&str, usize, &String)) -> Option<Violation> {
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let word = text.split(|c| !is_in_word(c)).find(|word| is_section(word))?;
    let what = format!("names `{word}` of the thesis; such names reach it with a study or a `Paper`");
    Some(Violation { path: path.into(), line, what })
}

/// `3.4-cnn`, `fig3.9`, `table3.4`, `ch3`.
fn is_section(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_numbered = |text: &str| text.split_once('.').is_some_and(|(a, b)| is_number(a) && is_number(b));
    let is_target = |start| word.strip_prefix(start).is_some_and(is_numbered);
    let is_id = word.split_once('-').is_some_and(|(number, name)| {
        is_numbered(number) && name.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    is_id || is_target("fig") || is_target("table") || word.strip_prefix("ch").is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_found_in_comments_names_and_tests_but_not_where_it_belongs() {
        let sources = Sources::of(&[
            ("crates/model/src/lib.rs", "//! Networks.\n// the Jump\nfn f() {}\n"),
            ("crates/model/src/tests.rs", "use vitrine_data::JumpSettings;"),
            ("crates/model/benches/step.rs", "fn main() {}"),
            ("crates/data/src/generate/jump.rs", "//! The jump."),
        ]);
        let found: Vec<(String, usize)> =
            of_signals(&sources).into_iter().map(|v| (v.path, v.line)).collect();
        assert_eq!(
            found,
            [("crates/model/src/lib.rs".to_string(), 2), ("crates/model/src/tests.rs".to_string(), 1)]
        );
    }

    #[test]
    fn sections_are_found_in_strings_but_not_in_documentation_and_tests() {
        let text = "/// Table 3.4 of `3.4-cnn`.\nfn f() { g(\"3.4-cnn\"); h(\"{}-ch\", 0.5) }\n\
                    #[cfg(test)]\nmod tests { const ID: &str = \"3.5-x\"; }";
        let found = of_sections(&Sources::of(&[("crates/lab/src/find.rs", text)]));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].to_string().starts_with("crates/lab/src/find.rs:2: names `3.4-cnn`"),
            "{}",
            found[0]
        );
    }

    #[test]
    fn numbers_alone_are_no_sections() {
        for word in ["fig3.9", "table3.4", "ch3", "4.14-linear"] {
            assert!(is_section(word), "{word}");
        }
        for word in ["3.4", "1-2", "ch", "chapter", "3.4-5", "fig", "figures", "0.5-1.5"] {
            assert!(!is_section(word), "{word}");
        }
    }
}
