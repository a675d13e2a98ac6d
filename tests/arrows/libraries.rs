//! What no library does: print, read the environment, name an option of the program.

use super::code::Named;
use super::names::in_full;
use super::sources::{Sources, Violation};

const PRINTING: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];
/// Of `std::env`, what says nothing of where the program runs.
const OF_NO_ENVIRONMENT: [&str; 4] = ["consts", "join_paths", "split_paths", "VarError"];
/// The bench names running code by the file that runs.
const MAY: [(&str, &str); 1] = [("crates/lab/src/code.rs", "current_exe")];
/// Cargo's option, not the program's: how to get what a build leaves out.
const OF_CARGO: &str = "--features";

/// What the libraries of `crates` do of it, tests apart.
pub fn violations(sources: &Sources) -> Vec<Violation> {
    let modules = sources
        .codes_under("crates")
        .flat_map(|(path, code)| code.all_named().into_iter().map(move |named| (path, named)));
    let found =
        modules.flat_map(|(path, named)| of_module(path, named).into_iter().map(move |found| (path, found)));
    found.map(|(path, (line, what))| Violation { path: path.into(), line, what }).collect()
}

/// Lines and what is wrong there.
fn of_module(path: &str, named: &Named) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (name, line) in named.macros.iter().filter(|(name, _)| PRINTING.contains(&name.as_str())) {
        found.push((*line, format!("calls {name}!; libraries return what they know, or call back")));
    }
    for (full, line) in in_full(named) {
        match full[..] {
            ["std", "env", name, ..]
                if !OF_NO_ENVIRONMENT.contains(&name) && !MAY.contains(&(path, name)) =>
            {
                found.push((
                    line,
                    format!("uses std::env::{name}; the program hands over what libraries need"),
                ));
            }
            ["std", "io", name @ ("stdout" | "stderr" | "stdin"), ..] => {
                found.push((line, format!("uses std::io::{name}; the terminal belongs to the program")));
            }
            _ => {}
        }
    }
    for (text, line) in &named.strings {
        if let Some(option) = option(text) {
            found.push((
                *line,
                format!("names the option {option}; say what is wrong, and let the program name its options"),
            ));
        }
    }
    found.sort();
    found.dedup_by_key(|(line, what)| (*line, what.clone()));
    found
}

/// The first option of a command line that a text names.
fn option(text: &str) -> Option<&str> {
    text.split([' ', '`', '\'', '"', '(', '\n']).find(|word| {
        let name = word.strip_prefix("--");
        name.is_some_and(|n| n.starts_with(|c: char| c.is_ascii_alphabetic())) && *word != OF_CARGO
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        violations(&Sources::of(&[(path, text)])).iter().map(Violation::to_string).collect()
    }

    #[test]
    fn printing_is_found_inside_other_macros_and_not_in_tests() {
        let text =
            "fn f() { assert!({ println!(\"x\"); true }) }\n#[cfg(test)]\nmod tests { fn g() { dbg!(1); } }";
        let says = "crates/data/src/a.rs:1: calls println!; libraries return what they know, or call back";
        assert_eq!(found("crates/data/src/a.rs", text), [says]);
        assert_eq!(found("crates/data/src/a/tests.rs", text), [""; 0]);
        assert_eq!(found("crates/data/benches/a.rs", text), [""; 0]);
        assert_eq!(found("crates/data/src/a.rs", "fn f() { write!(f, \"{}\", 1 != 2) }"), [""; 0]);
    }

    #[test]
    fn the_environment_is_found_by_its_full_name_or_an_imported_one() {
        let of = |text: &str| found("crates/lab/src/code.rs", text).len();
        assert_eq!(of("fn f() { std::env::var(\"HOME\"); }"), 1);
        assert_eq!(of("use std::env as around;\nfn f() { around::args(); }"), 1);
        assert_eq!(of("use std::{fs, env::current_dir};"), 1);
        assert_eq!(of("fn f() { ::std::io::stderr(); }"), 1);
        assert_eq!(of("const V: &str = env!(\"CARGO_PKG_VERSION\"); fn f() { std::env::current_exe(); }"), 0);
        assert_eq!(found("crates/lab/src/job.rs", "fn f() { std::env::current_exe(); }").len(), 1);
    }

    #[test]
    fn an_option_is_found_in_a_string_but_no_dash_rule_nor_cargos_own() {
        let of = |text: &str| found("crates/lab/src/a.rs", &format!("fn f() {{ bail!({text:?}) }}")).len();
        assert_eq!(of("nothing there; take --preset quick"), 1);
        assert_eq!(of("take `--engine`"), 1);
        assert_eq!(of("| --- | ---: | <!-- a --> a--b"), 0);
        assert_eq!(of("build with `--features cuda`"), 0);
        assert_eq!(found("crates/lab/src/a.rs", "/// As `--preset` says.\nfn f() {}").len(), 0);
    }
}
