//! What the documents say, held against the program and the repository: commands, options, links, recipes, counts.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::vitrine;
use vitrine::thesis::{Context, Plan, SECTIONS, Settings};
use vitrine_data::Folders;
use vitrine_lab::{Preset, Recipe, Workshop, Zoo, read_recipes};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The content of the fenced blocks of a language.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    document.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap().to_string()).collect()
}

/// What a document says without its fenced blocks.
fn prose(document: &str) -> String {
    document.split("```").step_by(2).collect()
}

/// The rows of all tables, cell by cell, lines between heads and bodies apart.
fn rows(document: &str) -> Vec<Vec<String>> {
    let lines = document.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| -"));
    let cells = |line: &str| -> Vec<String> {
        let whole = line.replace("\\|", "\u{1}");
        whole.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
    };
    lines.map(cells).collect()
}

/// Command lines of the program in the README, as words: those of its blocks, its table, and its sentences.
fn command_lines() -> Vec<Vec<String>> {
    let readme = text("README.md");
    let in_blocks: String = blocks(&readme, "sh").concat();
    let prose = prose(&readme).replace("\\|", "|");
    let in_code = prose.split('`').skip(1).step_by(2).map(String::from);
    let lines = in_blocks.lines().map(String::from).chain(in_code);
    let ours = lines.filter_map(|line| {
        let line = line.split(" #").next().unwrap().replace('\n', " ");
        let own = line.strip_prefix("vitrine ").or_else(|| line.strip_prefix("cargo run --release -- "));
        own.map(|own| own.split_whitespace().map(|word| word.trim_matches('\'').to_string()).collect())
    });
    ours.filter(|words: &Vec<String>| !words.is_empty()).collect()
}

/// What the program says of a command line to which help is added: of one that it cannot parse, an error.
fn help(words: &[String]) -> String {
    let runs = tempfile::tempdir().unwrap();
    let output = vitrine(runs.path()).args(words).arg("--help").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "vitrine {}: {error}", words.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// Options that a text names.
fn options(text: &str) -> BTreeSet<&str> {
    let is_of_option = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let words = text.split(|c| !is_of_option(c));
    words.filter(|word| word.len() > 2 && word.starts_with("--") && !word.starts_with("---")).collect()
}

#[test]
fn every_command_line_of_the_readme_is_one_of_the_program() {
    let lines = command_lines();
    assert!(15 < lines.len(), "{lines:?}");
    lines.iter().for_each(|words| _ = help(words));
}

#[test]
fn the_readme_names_every_command_and_no_option_that_there_is_not() {
    let readme = text("README.md");
    let first_words: BTreeSet<String> =
        command_lines().into_iter().map(|mut words| words.swap_remove(0)).collect();
    let overview = help(&[]);
    let commands = overview.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let names: BTreeSet<&str> = names.filter(|name| *name != "help").collect();
    assert!(names.contains("reproduce"), "{overview}");
    assert_eq!(names, first_words.iter().map(String::as_str).collect());
    let mut helps: String = names.iter().map(|name| help(&[name.to_string()])).collect();
    helps += &help(&["data".into(), "mnist".into()]);
    let (known, of_cargo) = (options(&helps), ["--release", "--features", "--example", "--"]);
    for option in options(&readme) {
        assert!(known.contains(option) || of_cargo.contains(&option), "{option}");
    }
}

#[test]
fn the_recipe_of_the_readme_is_read_and_needs_its_data() {
    let readme = text("README.md");
    let section = readme.split("## Your own settings").nth(1).unwrap();
    let recipe = blocks(section, "toml").swap_remove(0);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recipe.toml");
    let read = |text: &str| {
        fs::write(&path, text).unwrap();
        read_recipes(&path, &Folders::default())
    };
    // Two networks, three seeds.
    assert_eq!(read(&recipe).unwrap().len(), 6);
    for needed in ["data", "network"] {
        let mut table: toml::Table = toml::from_str(&recipe).unwrap();
        table.remove(needed).unwrap();
        let error = read(&table.to_string()).unwrap_err().to_string();
        assert!(error.contains(&format!("`{needed}`")), "{error}");
    }
    let mut table: toml::Table = toml::from_str(&recipe).unwrap();
    table.retain(|key, _| ["data", "network"].contains(&key));
    assert_eq!(read(&table.to_string()).unwrap().len(), 2, "all else has a default");
}

#[test]
fn the_readme_says_how_many_epochs_mnist_has_at_quick() {
    let readme = text("README.md");
    assert!(!readme.contains("self-contained"));
    let section = SECTIONS.iter().find(|section| section.about().id == "6.4-mnist").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let plan = Plan::of(Preset::Quick, Settings::of(Preset::Quick), None, section.about());
    let recipes: Vec<Recipe> = section.recipes(&Context::new(plan, Zoo::new(Workshop::new(dir.path()))));
    let epochs: BTreeSet<usize> = recipes.iter().map(|recipe| recipe.training.max_epochs).collect();
    let [epochs] = epochs.into_iter().collect::<Vec<_>>()[..] else { panic!("{recipes:?}") };
    let on_presets = readme.split("\n\n").find(|paragraph| paragraph.starts_with("`--preset ")).unwrap();
    assert!(on_presets.contains(&format!("{epochs} epochs")), "{epochs} epochs: {on_presets}");
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| format!("docs/{}", entry.unwrap().file_name().to_string_lossy()));
    let own = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(String::from);
    let mut n_links = 0;
    for document in own.into_iter().chain(docs.filter(|name| name.ends_with(".md"))) {
        let said = prose(&text(&document));
        let targets = said.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for target in targets.filter(|target| !target.starts_with("http")) {
            let path = target.split('#').next().unwrap();
            let folder = root().join(&document).parent().unwrap().to_path_buf();
            assert!(folder.join(path).exists(), "{document}: {target}");
            n_links += 1;
        }
    }
    assert!(10 < n_links, "{n_links}");
}

#[test]
fn every_advisory_that_is_accepted_is_explained_and_no_other() {
    let deny: toml::Table = toml::from_str(&text("deny.toml")).unwrap();
    let accepted = deny["advisories"]["ignore"].as_array().unwrap();
    let accepted: BTreeSet<&str> = accepted.iter().map(|id| id.as_str().unwrap()).collect();
    let dependencies = text("docs/dependencies.md");
    let words = dependencies.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let explained: BTreeSet<&str> = words.filter(|word| word.starts_with("RUSTSEC-2")).collect();
    assert_eq!(accepted, explained);
    assert!(!accepted.is_empty());
}

#[test]
fn the_counts_of_the_attack_reach_their_figures_without_a_fault() {
    let rows = rows(&text("docs/attack.md"));
    for (attack, least) in [
        ("command lines and settings", 1_000),
        ("recipes", 1_000),
        ("mutated files of every kind", 10_000),
        ("mutated files of data and models", 110_000),
        ("kills", 100),
        ("damaged run folders", 100),
        ("rounds of four processes on one folder", 20),
    ] {
        let row = rows.iter().find(|row| row[0] == attack).unwrap_or_else(|| panic!("{attack}: no row"));
        let number = |text: &str| text.replace([' ', ','], "").parse::<usize>().expect(attack);
        assert!(least <= number(&row[1]), "{attack}: {} tries", row[1]);
        assert_eq!(number(&row[3]), 0, "{attack}");
    }
}
