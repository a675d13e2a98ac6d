//! Which package may depend on which, by their manifests.

use toml::{Table, Value};

use super::sources::{Sources, Violation, short};

/// What each package may have among its dependencies. A new one is placed here, on purpose.
const ALLOWED: [(&str, &[&str]); 8] = [
    ("crates/data", &[]),
    ("crates/model", &["data"]),
    ("crates/explain", &["data", "model"]),
    ("crates/analysis", &["data"]),
    ("crates/tsne", &[]),
    ("crates/figures", &[]),
    ("crates/lab", &["data", "model", "analysis", "figures"]),
    ("experiments", &["data", "model", "explain", "analysis", "tsne", "figures", "lab"]),
];
/// The one package that knows burn.
const BURNS: &str = "crates/model";

/// The tables of dependencies in a manifest, and whether they are for tests alone.
const TABLES: [(&str, bool); 3] =
    [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)];

/// A dependency as a manifest states it.
struct Dependency {
    /// The package, whatever it is renamed to.
    name: String,
    line: usize,
    is_for_tests: bool,
}

/// What breaks the arrows between packages.
pub fn violations(sources: &Sources) -> Vec<Violation> {
    sources.packages().into_iter().flat_map(|package| of_package(sources, package)).collect()
}

/// The packages that one depends on, tests apart, by their folders.
pub fn siblings(sources: &Sources, package: &str) -> Vec<String> {
    let (_, dependencies) = read(sources, package);
    let folder = |d: &Dependency| Some(format!("crates/{}", d.name.strip_prefix("vitrine-")?));
    dependencies.iter().filter(|d| !d.is_for_tests).filter_map(folder).collect()
}

fn of_package(sources: &Sources, package: &str) -> Vec<Violation> {
    let path = format!("{package}/Cargo.toml");
    let violation = |line, what| Violation { path: path.clone(), line, what };
    let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == package) else {
        let what = format!("{package} has no place: say in tests/arrows/manifests.rs what it may depend on");
        return vec![violation(1, what)];
    };
    let (name, dependencies) = read(sources, package);
    let right =
        if package == "experiments" { "vitrine".into() } else { format!("vitrine-{}", short(package)) };
    let mut found = Vec::new();
    if name != right {
        found.push(violation(1, format!("is called `{name}`; the package in {package} is `{right}`")));
    }
    for Dependency { name, line, is_for_tests } in dependencies {
        if (name == "burn" || name.starts_with("burn-")) && package != BURNS {
            let what =
                format!("depends on {name}; what needs burn is in {BURNS}, and hands out plain arrays");
            found.push(violation(line, what));
        }
        if name == "vitrine" {
            let what = "depends on vitrine; the program is above all packages".into();
            found.push(violation(line, what));
        }
        let Some(sibling) = name.strip_prefix("vitrine-") else { continue };
        if is_for_tests && is_above(sibling, short(package)) {
            let what =
                format!("tests itself with {name}, which is above it; test the two together in {sibling}");
            found.push(violation(line, what));
        }
        if !is_for_tests && !allowed.contains(&sibling) {
            let may = if allowed.is_empty() { "none of ours".into() } else { allowed.join(", ") };
            found.push(violation(line, format!("depends on {name}; it may depend on {may}")));
        }
    }
    found
}

/// Whether one package may depend on the other, directly or not.
fn is_above(one: &str, other: &str) -> bool {
    let allowed =
        ALLOWED.iter().find(|(folder, _)| short(folder) == one).map_or(&[][..], |(_, allowed)| allowed);
    allowed.iter().any(|below| *below == other || is_above(below, other))
}

/// A package's name and its dependencies.
fn read(sources: &Sources, package: &str) -> (String, Vec<Dependency>) {
    let path = format!("{package}/Cargo.toml");
    let text = sources.text(&path).unwrap_or_default();
    let manifest: Table = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
    let name =
        manifest.get("package").and_then(|p| p.get("name")).and_then(Value::as_str).unwrap_or_default();
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let mut found = Vec::new();
    for holder in std::iter::once(&manifest).chain(targets.filter_map(Value::as_table)) {
        for (table, is_for_tests) in TABLES {
            for (key, value) in holder.get(table).and_then(Value::as_table).into_iter().flatten() {
                let name = value.get("package").and_then(Value::as_str).unwrap_or(key).to_string();
                found.push(Dependency { name, line: line(text, table, key), is_for_tests });
            }
        }
    }
    (name.to_string(), found)
}

/// The line of a key in a table whose header ends with the table's name; 1 if it is written otherwise.
fn line(text: &str, table: &str, key: &str) -> usize {
    let mut is_in = false;
    for (line, text) in text.lines().enumerate() {
        let text = text.trim();
        if let Some(header) = text.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            let last = header.rsplit('.').next();
            is_in = last == Some(table);
            if header.ends_with(&format!("{table}.{key}")) {
                return line + 1;
            }
        } else if is_in && text.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', ' ', '='])) {
            return line + 1;
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(manifests: &[(&str, &str)]) -> Vec<String> {
        violations(&Sources::of(manifests)).iter().map(Violation::to_string).collect()
    }

    #[test]
    fn the_arrows_of_the_design_are_allowed_and_others_named_with_their_line() {
        let text = "[package]\nname = \"vitrine-figures\"\n\n\
                    [dependencies]\nndarray = \"1\"\nvitrine-data.workspace = true\n";
        assert_eq!(
            found(&[("crates/figures/Cargo.toml", text)]),
            ["crates/figures/Cargo.toml:6: depends on vitrine-data; it may depend on none of ours"]
        );
        let text = text.replace("figures", "model");
        assert_eq!(found(&[("crates/model/Cargo.toml", &text)]), [""; 0]);
    }

    #[test]
    fn tests_may_reach_sideways_but_not_up() {
        let text = "[package]\nname = \"vitrine-data\"\n[dev-dependencies]\n\
                    vitrine-tsne.workspace = true\nvitrine-lab.workspace = true\n";
        assert_eq!(
            found(&[("crates/data/Cargo.toml", text)]),
            ["crates/data/Cargo.toml:5: tests itself with vitrine-lab, which is above it; \
              test the two together in lab"]
        );
    }

    #[test]
    fn burn_outside_model_and_an_unknown_package_are_found() {
        let text = "[package]\nname = \"vitrine-lab\"\n\
                    [target.'cfg(unix)'.dependencies.flames]\npackage = \"burn-core\"\n";
        assert_eq!(
            found(&[("crates/lab/Cargo.toml", text)]),
            ["crates/lab/Cargo.toml:3: depends on burn-core; what needs burn is in crates/model, \
              and hands out plain arrays"]
        );
        let unknown = found(&[("crates/new/Cargo.toml", "[package]\nname = \"vitrine-new\"\n")]);
        assert!(unknown[0].contains("crates/new has no place"), "{unknown:?}");
    }
}
