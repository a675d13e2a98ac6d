//! Circles of files and of folders, and the drawing of the graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::{Arrow, Modules};
use super::sources::{Sources, Violation, short};

/// Every arrow from file to file that a way back closes to a circle.
pub fn circles_of_files(arrows: &[Arrow]) -> Vec<Violation> {
    circles(arrows, |file| inside(file).into(), "move what both need to a file of its own")
}

/// The same between what stands at the top of `src`: a folder with all that is in it, or a file.
pub fn circles_of_folders(arrows: &[Arrow]) -> Vec<Violation> {
    circles(arrows, |file| top(file).into(), "move what both need, or what needs both, out of them")
}

/// The path of a file from its package's `src`.
fn inside(file: &str) -> &str {
    file.split_once("/src/").map_or(file, |(_, inside)| inside)
}

fn top(file: &str) -> &str {
    let top = inside(file).split('/').next().unwrap_or_default();
    top.strip_suffix(".rs").unwrap_or(top)
}

fn circles(arrows: &[Arrow], node: impl Fn(&str) -> String, right: &str) -> Vec<Violation> {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut between: BTreeMap<(&str, &str), Vec<&Arrow>> = BTreeMap::new();
    for arrow in arrows {
        let (from, to) = (node(&arrow.from), node(&arrow.to));
        if from != to {
            graph.entry(from).or_default().insert(to);
            between.entry((&arrow.from, &arrow.to)).or_default().push(arrow);
        }
    }
    let violation = |((from, to), arrows): ((&str, &str), Vec<&Arrow>)| {
        let back = way(&graph, &node(to), &node(from))?.join(" → ");
        let names: Vec<&str> = arrows.iter().map(|arrow| arrow.name.as_str()).collect();
        Some(Violation {
            path: from.into(),
            line: arrows.iter().map(|arrow| arrow.line).min()?,
            what: format!(
                "imports {} from {}, which leads back: {back}; {right}",
                names.join(", "),
                inside(to),
            ),
        })
    };
    between.into_iter().filter_map(violation).collect()
}

/// The shortest way along the arrows.
fn way(graph: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> Option<Vec<String>> {
    let mut ways = VecDeque::from([vec![from.to_string()]]);
    let mut seen = BTreeSet::from([from.to_string()]);
    while let Some(way) = ways.pop_front() {
        let end = way.last().expect("a way has a start");
        if end == to {
            return Some(way);
        }
        for next in graph.get(end).into_iter().flatten() {
            if seen.insert(next.clone()) {
                ways.push_back([&way[..], std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

/// The graph for Graphviz: a box for each package with its files and their arrows, and between the boxes the arrows of
/// the manifests.
pub fn dot(sources: &Sources, siblings: impl Fn(&str) -> Vec<String>) -> String {
    let mut text = String::from(
        "digraph vitrine {\n  rankdir=LR; compound=true; node [shape=box, fontname=\"sans-serif\"];\n",
    );
    for package in sources.packages() {
        let modules = Modules::read(sources, package);
        text += &format!("  subgraph {:?} {{\n    label={:?};\n", cluster(package), short(package));
        for file in modules.files() {
            text += &format!("    {file:?} [label={:?}];\n", inside(file).trim_end_matches(".rs"));
        }
        let arrows: BTreeSet<_> = modules.arrows().into_iter().map(|arrow| (arrow.from, arrow.to)).collect();
        for (from, to) in arrows {
            text += &format!("    {from:?} -> {to:?};\n");
        }
        text += "  }\n";
    }
    for package in sources.packages() {
        for sibling in siblings(package) {
            text += &format!(
                "  \"{package}/src/lib.rs\" -> \"{sibling}/src/lib.rs\" [ltail={:?}, lhead={:?}, penwidth=2];\n",
                cluster(package),
                cluster(&sibling),
            );
        }
    }
    text + "}\n"
}

fn cluster(package: &str) -> String {
    format!("cluster_{}", short(package))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The violations of a package `lab` with these files in its `src`.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, &str)> =
            files.iter().map(|(path, text)| (format!("crates/lab/src/{path}"), *text)).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let arrows = Modules::read(&Sources::of(&files), "crates/lab").arrows();
        circles_of_files(&arrows).iter().map(Violation::to_string).collect()
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle_named_at_both_lines() {
        let circle = found(&[
            ("lib.rs", "mod a;\nmod b;"),
            ("a.rs", "//! A.\nuse crate::b::B;\npub struct A(B);"),
            ("b.rs", "pub struct B;\nfn f() { drop(super::a::A::new()) }"),
        ]);
        assert_eq!(circle.len(), 2);
        assert!(
            circle[0].starts_with("crates/lab/src/a.rs:2: imports crate::b::B from b.rs"),
            "{}",
            circle[0]
        );
        assert!(circle[0].contains("b.rs → a.rs"), "{}", circle[0]);
        assert!(
            circle[1].starts_with("crates/lab/src/b.rs:2: imports super::a::A::new from a.rs"),
            "{}",
            circle[1]
        );
    }

    #[test]
    fn a_circle_of_three_files_is_found_through_re_exports_and_renamed_imports() {
        let circle = found(&[
            ("lib.rs", "mod a; mod b; mod deep; pub use a::A; pub use deep::*;"),
            ("a.rs", "use crate::b as other; pub struct A; fn f() -> other::B { todo!() }"),
            ("b.rs", "use super::C as Renamed; pub struct B(Renamed);"),
            ("deep/mod.rs", "mod c; pub use self::c::C;"),
            ("deep/c.rs", "pub struct C; fn g() { use crate::A; }"),
        ]);
        assert_eq!(circle.len(), 3, "{circle:#?}");
        assert!(
            circle[2].starts_with("crates/lab/src/deep/c.rs:1: imports crate::A from a.rs"),
            "{}",
            circle[2]
        );
    }

    #[test]
    fn a_facade_that_its_children_import_from_is_no_circle() {
        let files = [
            ("lib.rs", "//! Lab.\nmod a;\npub mod b;\npub use a::{A, a};\npub use b::B;"),
            ("a.rs", "pub struct A;\npub fn a() {}"),
            ("b.rs", "use super::{A, a};\npub struct B(A);\nfn f() { crate::a() }"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn what_a_facade_re_exports_from_another_crate_is_no_arrow_but_what_its_macros_make_is() {
        let files = |of_lib: &str| {
            let lib = format!("mod a; use a::A; {of_lib}");
            found(&[("lib.rs", &lib), ("a.rs", "pub struct A(super::Device);")]).len()
        };
        assert_eq!(files("pub use burn::tensor::Device;"), 0);
        assert_eq!(files("device! { Device }"), 2);
    }

    #[test]
    fn a_parent_whose_code_uses_what_it_re_exports_makes_a_circle_with_a_child_that_uses_it() {
        let circle = found(&[
            ("lib.rs", "mod a;\npub use a::A;\npub const N: usize = 3;\npub fn f() -> A { A }"),
            ("a.rs", "pub struct A;\nconst M: [u8; super::N] = [0; 3];"),
        ]);
        assert_eq!(circle.len(), 2, "{circle:#?}");
        assert!(circle[1].starts_with("crates/lab/src/lib.rs:4: imports A from a.rs"), "{}", circle[1]);
    }

    #[test]
    fn tests_and_documentation_close_no_circle_but_macros_and_serde_do() {
        let files = |of_b: &str| {
            found(&[
                ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
                ("a.rs", "use crate::b::B; pub struct A(B); pub fn name() {}"),
                ("b.rs", of_b),
                ("tests.rs", "use crate::{a, b};"),
            ])
            .len()
        };
        assert_eq!(
            files("pub struct B;\n/// See [`crate::a::A`].\n#[cfg(test)]\nmod tests { use crate::a::A; }"),
            0
        );
        assert_eq!(files("pub struct B; fn f() { println!(\"{:?}\", crate::a::name()) }"), 2);
        assert_eq!(files("pub struct B { #[serde(with = \"super::a\", default)] x: u8 }"), 2);
        assert_eq!(files("pub struct B { #[serde(serialize_with = \"crate::a::name\")] x: u8 }"), 2);
    }

    #[test]
    fn a_method_a_field_or_a_range_named_like_an_import_counts_by_what_it_is() {
        let files = |of_lib: &str| {
            let lib = format!("mod a; pub use a::n; pub const M: usize = 2; {of_lib}");
            found(&[("lib.rs", &lib), ("a.rs", "pub const fn n() -> usize { super::M }")]).len()
        };
        assert_eq!(files("fn f(x: X) { x.n() }"), 0);
        assert_eq!(files("fn f(x: X) { g(0..n()) }"), 2);
    }

    #[test]
    fn folders_make_a_circle_where_their_files_make_none() {
        let sources = Sources::of(&[
            ("crates/lab/src/lib.rs", "mod report; mod zoo;"),
            ("crates/lab/src/report/mod.rs", "pub mod page; pub mod html;"),
            ("crates/lab/src/report/page.rs", "use crate::zoo::store::Store;"),
            ("crates/lab/src/report/html.rs", "pub fn escape() {}"),
            ("crates/lab/src/zoo/mod.rs", "pub mod store; pub mod key;"),
            ("crates/lab/src/zoo/store.rs", "pub struct Store;"),
            ("crates/lab/src/zoo/key.rs", "use crate::report::html::escape;"),
        ]);
        let arrows = Modules::read(&sources, "crates/lab").arrows();
        assert_eq!(circles_of_files(&arrows), []);
        let circle = circles_of_folders(&arrows);
        assert_eq!(circle.len(), 2);
        assert!(
            circle[1].what.contains("from report/html.rs, which leads back: report → zoo"),
            "{}",
            circle[1]
        );
    }

    #[test]
    fn the_drawing_names_files_and_both_kinds_of_arrows() {
        let sources = Sources::of(&[
            ("crates/lab/Cargo.toml", ""),
            ("crates/lab/src/lib.rs", "mod a; mod b;"),
            ("crates/lab/src/a.rs", "pub struct A;"),
            ("crates/lab/src/b.rs", "use crate::a::A;"),
        ]);
        let drawn = dot(&sources, |_| vec!["crates/data".into()]);
        for line in [
            r#""crates/lab/src/a.rs" [label="a"];"#,
            r#""crates/lab/src/b.rs" -> "crates/lab/src/a.rs";"#,
            r#""crates/lab/src/lib.rs" -> "crates/data/src/lib.rs" [ltail="cluster_lab", lhead="cluster_data""#,
        ] {
            assert!(drawn.contains(line), "{drawn}");
        }
    }
}
