//! Memory: what work would need, against what this machine has.

use std::fs;

use vitrine_data::Folders;
use vitrine_lab::{Recipe, slip};

use crate::thesis::Settings;

/// Where the system does not tell how much it has.
const STATED: f64 = 16e9;

/// Refuses settings whose signals, starts or posteriors alone would not fit.
///
/// # Errors
/// A slip that names the setting, what it would need and what there is.
pub fn check_settings(settings: &Settings) -> anyhow::Result<()> {
    settings.memory().iter().try_for_each(|(setting, bytes)| fits(setting, *bytes))
}

/// Refuses recipes whose data or network would not fit while it is trained.
///
/// # Errors
/// A slip that names the network, what it would need and what there is.
pub fn check_recipes(recipes: &[Recipe], folders: &Folders) -> anyhow::Result<()> {
    recipes
        .iter()
        .try_for_each(|recipe| fits(&format!("network {}", recipe.network), recipe.memory(folders)?))
}

fn fits(what: &str, bytes: f64) -> anyhow::Result<()> {
    let there = of_machine();
    if bytes <= there {
        return Ok(());
    }
    Err(slip(format!(
        "{what}: would take {:.1} GB of memory, and there are {:.1} GB",
        bytes / 1e9,
        there / 1e9
    )))
}

/// Bytes of memory that this process may use at most.
fn of_machine() -> f64 {
    let read = |path: &str| fs::read_to_string(path).ok();
    let of_limit = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
    let of_system = read("/proc/meminfo").and_then(|text| total(&text));
    of_limit.into_iter().chain(of_system).reduce(f64::min).unwrap_or(STATED)
}

/// The `MemTotal` of Linux' `/proc/meminfo`, in bytes.
fn total(meminfo: &str) -> Option<f64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024.0 * kibibytes)
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Preset;

    use super::*;

    #[test]
    fn the_system_s_memory_is_read_from_its_file() {
        assert_eq!(total("MemTotal:       16 kB\nMemFree: 1 kB\n"), Some(16_384.0));
        assert_eq!(total("MemFree: 1 kB\n"), None);
        assert!(1e8 < of_machine());
    }

    #[test]
    fn the_presets_fit_and_a_slip_of_the_keyboard_does_not() {
        let settings = Settings::of(Preset::Full);
        check_settings(&settings).unwrap();
        let error = check_settings(&Settings { n_starts: 1_000_000_000_000, ..settings }).unwrap_err();
        assert!(error.to_string().starts_with("n_starts=1000000000000: would take 96000000.0 GB"), "{error}");
    }
}
