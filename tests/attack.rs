//! What hostile input does to the program: command lines, recipes, files, folders, kills, neighbours.
//!
//! A fault is a panic, an abort, a hang, another exit code than those the program documents, an error without words, a
//! result that differs from an undisturbed one. The tests run a short form; `just attack` sets `VITRINE_ATTACK=full`,
//! and prints the counts that stand in `docs/attack.md`. `VITRINE_ATTACK_SEED` draws other attacks.

mod attack {
    pub mod commands;
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

use attack::{commands, files, folders, kills, neighbours, recipes, scale};

#[test]
fn random_command_lines_and_settings_end_as_documented() {
    commands::attack(scale::of(40, 1_000)).assert_faultless();
}

#[test]
fn random_recipes_end_as_documented() {
    recipes::attack(scale::of(40, 1_000)).assert_faultless();
}

#[test]
fn mutated_files_of_every_kind_are_read_or_refused() {
    files::attack(scale::of(2_000, 10_000)).assert_faultless();
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
