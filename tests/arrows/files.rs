//! Who writes files: one function, so that they appear whole, under a name of their own, and never through a link.

use super::names::in_full;
use super::sources::{Sources, Violation};

/// What of `std::fs` writes or opens to write.
const WRITING: [&str; 6] = ["write", "copy", "rename", "hard_link", "OpenOptions", "*"];
const OF_FILE: [&str; 3] = ["create", "create_new", "options"];
/// The writers themselves, of what fits memory and of what does not; locks are opened by the tree, and the zoo gives whole folders their names.
const MAY: [(&str, &[&str]); 4] = [
    ("crates/data/src/whole_file.rs", &["options"]),
    ("crates/data/src/growing_file.rs", &["options", "rename"]),
    ("crates/data/src/tree.rs", &["options"]),
    ("crates/lab/src/zoo/store.rs", &["rename"]),
];

/// Where else the program and its libraries write files, tests apart.
pub fn violations(sources: &Sources) -> Vec<Violation> {
    let codes = ["crates", "experiments"].into_iter().flat_map(|folder| sources.codes_under(folder));
    let named = codes.flat_map(|(path, code)| code.all_named().into_iter().map(move |named| (path, named)));
    let full = named.flat_map(|(path, named)| in_full(named).map(move |(full, line)| (path, line, full)));
    let mut found: Vec<Violation> = full
        .filter_map(|(path, line, full)| {
            let name = writing(&full).filter(|name| !may(path, name))?;
            let what = format!("writes by {name}; `Tree::write_whole` does so whole and through no link");
            Some(Violation { path: path.into(), line, what })
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The name of a path that writes.
fn writing<'a>(full: &[&'a str]) -> Option<&'a str> {
    match *full {
        ["std", "fs", "File", name, ..] => Some(name).filter(|name| OF_FILE.contains(name)),
        ["std", "fs", name, ..] => Some(name).filter(|name| WRITING.contains(name)),
        _ => None,
    }
}

fn may(path: &str, name: &str) -> bool {
    MAY.iter().any(|(file, names)| *file == path && names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        violations(&Sources::of(&[(path, text)])).iter().map(Violation::to_string).collect()
    }

    #[test]
    fn a_file_that_is_written_is_found_by_every_name_and_not_in_tests() {
        let of = |text: &str| found("crates/lab/src/job.rs", text).len();
        for text in [
            "fn f() { std::fs::write(\"a\", \"\"); }",
            "use std::fs;\nfn f() { fs::copy(\"a\", \"b\"); }",
            "use std::fs::{self, File};\nfn f() { File::create(\"a\"); }",
            "use std::fs::rename as r;",
            "use std::fs::*;",
            "use std::fs as files;\nfn f() { g!(files::OpenOptions::new()) }",
        ] {
            assert_eq!(of(text), 1, "{text}");
        }
        assert_eq!(of("use std::fs;\nfn f() { fs::read(\"a\"); tree.write(\"a\"); io::copy(a, b); }"), 0);
        assert_eq!(of("#[cfg(test)]\nmod tests { fn f() { std::fs::write(\"a\", \"\"); } }"), 0);
        let says =
            "crates/data/src/a.rs:1: writes by write; `Tree::write_whole` does so whole and through no link";
        assert_eq!(found("crates/data/src/a.rs", "fn f() { std::fs::write(\"a\", \"\"); }"), [says]);
    }

    #[test]
    fn whoever_may_rename_may_not_write() {
        let of = |name: &str| found("crates/lab/src/zoo/store.rs", &format!("use std::fs::{name};")).len();
        assert_eq!((of("rename"), of("write")), (0, 1));
    }
}
