//! The walls of the house: which package and which file may import which, read from manifests and sources.
//!
//! A broken rule is named with its file, its line and what would be right. With `VITRINE_GRAPH=graph.dot` set, the graph
//! of files is written there, below the root, for Graphviz.

mod arrows {
    pub mod apart;
    pub mod circles;
    pub mod code;
    pub mod files;
    pub mod libraries;
    pub mod manifests;
    pub mod modules;
    pub mod names;
    pub mod sources;
    pub mod words;
}

use std::path::Path;
use std::sync::LazyLock;
use std::{env, fs};

use arrows::modules::{Arrow, Modules};
use arrows::sources::{Sources, Violation};
use arrows::{apart, circles, files, libraries, manifests, words};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

static SOURCES: LazyLock<Sources> = LazyLock::new(|| Sources::read(Path::new(ROOT)));

/// The arrows inside each package.
static ARROWS: LazyLock<Vec<(&str, Vec<Arrow>)>> = LazyLock::new(|| {
    let arrows = |package| (package, Modules::read(&SOURCES, package).arrows());
    SOURCES.packages().into_iter().map(arrows).collect()
});

#[track_caller]
fn none(mut violations: Vec<Violation>) {
    violations.sort();
    let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
    assert!(lines.is_empty(), "{} violations\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn packages_depend_only_on_what_is_below_them_and_one_on_burn() {
    none(manifests::violations(&SOURCES));
}

#[test]
fn no_files_of_a_package_import_each_other_in_a_circle() {
    none(ARROWS.iter().flat_map(|(_, arrows)| circles::circles_of_files(arrows)).collect());
}

#[test]
fn no_folders_of_a_package_import_each_other_in_a_circle() {
    none(ARROWS.iter().flat_map(|(_, arrows)| circles::circles_of_folders(arrows)).collect());
}

#[test]
fn parts_that_are_kept_apart_do_not_import_each_other() {
    none(ARROWS.iter().flat_map(|(package, arrows)| apart::violations(package, arrows)).collect());
}

#[test]
fn parts_that_are_kept_apart_are_there() {
    assert_eq!(apart::missing_parts(&SOURCES), [""; 0]);
}

#[test]
fn only_those_that_know_signals_say_jump() {
    none(words::of_signals(&SOURCES));
}

#[test]
fn no_library_names_a_section_of_the_thesis() {
    none(words::of_sections(&SOURCES));
}

#[test]
fn libraries_neither_print_nor_read_the_environment_nor_name_options() {
    none(libraries::violations(&SOURCES));
}

#[test]
fn files_are_written_in_one_place() {
    none(files::violations(&SOURCES));
}

#[test]
fn the_graph_of_files_is_drawn_where_asked() {
    let drawn = circles::dot(&SOURCES, |package| manifests::siblings(&SOURCES, package));
    let n_opened = drawn.matches('{').count();
    assert_eq!((n_opened, drawn.matches('}').count()), (SOURCES.packages().len() + 1, n_opened));
    if let Some(path) = env::var_os("VITRINE_GRAPH") {
        let path = Path::new(ROOT).join(path);
        fs::write(&path, drawn).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}
