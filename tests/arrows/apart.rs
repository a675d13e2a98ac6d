//! Parts of one package that may not import each other, beyond the absence of circles.

use super::modules::Arrow;
use super::sources::{Sources, Violation};

/// Parts of a package, each a file or a folder at the top of its `src`, that import nothing of the others.
struct Wall {
    package: &'static str,
    parts: &'static [&'static str],
    others: &'static [&'static str],
    /// What would be right.
    right: &'static str,
}

const WALLS: [Wall; 2] = [
    Wall {
        package: "crates/lab",
        parts: &["zoo"],
        others: &["stored", "saved", "study", "claim"],
        right: "the zoo knows networks, not what is found in them",
    },
    Wall {
        package: "experiments",
        parts: &["thesis", "embed"],
        others: &["cli"],
        right: "the command line knows them, not the reverse; hand over a value or a trait",
    },
];
const BETWEEN_CHAPTERS: &str = "chapters know nothing of each other; what they share stands above them";

/// Parts named here that no package has: a wall around them would let everything pass.
pub fn missing_parts(sources: &Sources) -> Vec<String> {
    let is_missing = |wall: &Wall, part: &str| {
        let src = format!("{}/src/", wall.package);
        !sources.under(wall.package).any(|(path, _)| path.strip_prefix(&src).is_some_and(|p| is_in(p, part)))
    };
    let parts =
        WALLS.iter().flat_map(|wall| wall.parts.iter().chain(wall.others).map(move |part| (wall, part)));
    let missing = parts.filter(|(wall, part)| is_missing(wall, part));
    missing.map(|(wall, part)| format!("{}/src/{part}", wall.package)).collect()
}

/// The arrows of a package that cross such a line.
pub fn violations(package: &str, arrows: &[Arrow]) -> Vec<Violation> {
    arrows.iter().filter_map(|arrow| violation(package, arrow)).collect()
}

fn violation(package: &str, arrow: &Arrow) -> Option<Violation> {
    let src = format!("{package}/src/");
    let (from, to) = (arrow.from.strip_prefix(&src)?, arrow.to.strip_prefix(&src)?);
    let is_in_one = |file: &str, parts: &[&str]| parts.iter().any(|part| is_in(file, part));
    let wall = WALLS
        .iter()
        .find(|wall| wall.package == package && is_in_one(from, wall.parts) && is_in_one(to, wall.others));
    let right = match wall {
        Some(wall) => wall.right,
        None if chapter(from)? != chapter(to)? => BETWEEN_CHAPTERS,
        None => return None,
    };
    let what = format!("imports {} from {to}; {right}", arrow.name);
    Some(Violation { path: arrow.from.clone(), line: arrow.line, what })
}

/// Whether a file is a part of its package or in it: `zoo.rs`, `zoo/store.rs`.
fn is_in(file: &str, part: &str) -> bool {
    file.strip_prefix(part).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// The chapter of the thesis that a file belongs to.
fn chapter(file: &str) -> Option<&str> {
    let (chapter, _) = file.strip_prefix("thesis/ch")?.split_once('/')?;
    chapter.parse::<u32>().is_ok().then_some(chapter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(package: &str, from: &str, to: &str) -> Vec<String> {
        let file = |path: &str| format!("{package}/src/{path}");
        let arrow = Arrow { from: file(from), to: file(to), name: "super::X".into(), line: 4 };
        violations(package, &[arrow]).iter().map(Violation::to_string).collect()
    }

    #[test]
    fn a_part_is_there_as_a_file_or_a_folder() {
        let sources = Sources::of(&[
            ("crates/lab/src/zoo/store.rs", ""),
            ("crates/lab/src/stored.rs", ""),
            ("crates/lab/src/saved.rs", ""),
            ("crates/lab/src/studying.rs", ""),
            ("experiments/src/thesis/mod.rs", ""),
            ("experiments/src/embed.rs", ""),
            ("experiments/src/cli/mod.rs", ""),
        ]);
        assert_eq!(missing_parts(&sources), ["crates/lab/src/study", "crates/lab/src/claim"]);
    }

    #[test]
    fn the_zoo_may_import_recipes_but_no_findings() {
        let says = "crates/lab/src/zoo/store.rs:4: imports super::X from saved.rs; \
                    the zoo knows networks, not what is found in them";
        assert_eq!(found("crates/lab", "zoo/store.rs", "saved.rs"), [says]);
        assert_eq!(found("crates/lab", "zoo/store.rs", "recipe.rs"), [""; 0]);
        assert_eq!(found("crates/lab", "study.rs", "zoo/store.rs"), [""; 0]);
    }

    #[test]
    fn chapters_and_the_thesis_know_neither_each_other_nor_the_command_line() {
        assert_eq!(found("experiments", "thesis/ch6/mnist.rs", "thesis/ch3/mlp.rs").len(), 1);
        assert_eq!(found("experiments", "thesis/ch3/mlp.rs", "thesis/ch3/width.rs"), [""; 0]);
        assert_eq!(found("experiments", "thesis/sections.rs", "thesis/ch3/mlp.rs"), [""; 0]);
        assert_eq!(found("experiments", "thesis/plan.rs", "cli/progress.rs").len(), 1);
        assert_eq!(found("experiments", "cli/list.rs", "thesis/plan.rs"), [""; 0]);
    }
}
