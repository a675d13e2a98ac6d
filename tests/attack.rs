//! What hostile input does to the program: command lines, recipes, files, folders, kills, neighbours.
//!
//! A fault is a panic, an abort, a hang, another exit code than those the program documents, an error without words, a
//! result that differs from an undisturbed one. The tests run a short form; `just attack` sets `VITRINE_ATTACK=full`,
//! and prints the counts that stand in `docs/attack.md`. `VITRINE_ATTACK_SEED` draws other attacks.

mod attack {
    pub mod commands;
    pub mod elsewhere;
    pub mod files;
    pub mod folders;
    pub mod kills;
    pub mod mutate;
    pub mod neighbours;
    pub mod process;
    pub mod readers;
    pub mod recipes;
    pub mod results;
    pub mod scale;
    pub mod tally;
}

use std::fs;
use std::path::Path;

use attack::readers::READERS;
use attack::{commands, elsewhere, files, folders, kills, neighbours, recipes, scale};

#[test]
fn random_command_lines_and_settings_end_as_documented() {
    commands::attack(scale::of(40, 1_000)).assert_faultless();
}

#[test]
fn random_commands_on_data_and_models_end_as_documented_and_leave_what_was_there() {
    elsewhere::attack(scale::of(60, 1_000)).assert_faultless();
}

#[test]
fn random_recipes_end_as_documented() {
    recipes::attack(scale::of(40, 1_000)).assert_faultless();
}

#[test]
fn mutated_files_of_every_kind_are_read_or_refused() {
    files::attack(scale::of(1_000, 10_000)).assert_faultless();
}

#[test]
fn mutated_files_of_data_and_models_are_read_or_refused_within_a_gibibyte() {
    files::attack_data(scale::of(100, 10_000)).assert_faultless();
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_next_with_the_same_results() {
    kills::attack(scale::of(4, 100)).assert_faultless();
}

#[test]
fn damaged_run_folders_are_named_and_made_again() {
    folders::attack(scale::of(10, 100)).assert_faultless();
}

#[test]
fn four_processes_on_one_folder_all_succeed_with_the_same_results() {
    neighbours::attack(scale::of(1, 20)).assert_faultless();
}

#[test]
fn every_reader_is_a_fuzz_target_and_every_fuzz_target_a_reader() {
    let fuzz = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz"));
    let mut readers: Vec<String> =
        READERS.iter().map(|reader| reader.name.to_lowercase().replace(' ', "_")).collect();
    for (reader, target) in READERS.iter().zip(&readers) {
        let text = fs::read_to_string(fuzz.join(format!("fuzz_targets/{target}.rs"))).expect(target);
        assert!(text.contains(&format!("vitrine_fuzz::read({:?}, bytes)", reader.name)), "{target}: {text}");
    }
    let entries = fs::read_dir(fuzz.join("fuzz_targets")).unwrap();
    let mut files: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(fuzz.join("Cargo.toml")).unwrap()).unwrap();
    let mut targets: Vec<(String, String)> = manifest["bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bin| ["name", "path"].map(|key| bin[key].as_str().unwrap().to_string()).into())
        .collect();
    readers.sort();
    files.sort();
    targets.sort();
    assert_eq!(files, readers.iter().map(|reader| format!("{reader}.rs")).collect::<Vec<_>>());
    let of = |reader: &String| (reader.clone(), format!("fuzz_targets/{reader}.rs"));
    assert_eq!(targets, readers.iter().map(of).collect::<Vec<_>>());
}
