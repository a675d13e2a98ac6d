//! `vitrine reproduce`: train what is missing, then measure, test the claims, tabulate and draw.

use std::time::Instant;

use crate::cli::{Common, Reproduce};
use crate::config::Config;
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::run_folder::{Gallery, RunFolder};
use crate::section::{Missing, Section};
use crate::sections;
use crate::settings::Settings;
use crate::signals;
use crate::terminal::{note, print};
use crate::usage::usage;

pub fn run(common: &Common, args: &Reproduce) -> anyhow::Result<()> {
    let sections = sections::find(&args.targets)?;
    let cx = Context::new(plan(args)?, super::open_zoo(common)?);
    let recipes: Vec<_> = sections.iter().flat_map(|s| s.recipes(&cx.plan)).collect();
    // One call for the union: the zoo fills all cores, long runs first.
    cx.zoo.obtain(&recipes)?;
    let mut all = Vec::new();
    for section in sections {
        signals::check()?;
        match run_section(common, &cx, section) {
            Err(error) if error.is::<Missing>() => {
                note(&format!("{}: not run; it needs {error}", section.about().id));
            }
            findings => all.push(findings?),
        }
    }
    if common.json {
        let text = match &all[..] {
            [one] => serde_json::to_string_pretty(one)?,
            many => serde_json::to_string_pretty(many)?,
        };
        print(&text)?;
    }
    Ok(())
}

fn plan(args: &Reproduce) -> anyhow::Result<Plan> {
    let preset = args.preset.preset;
    let n_seeds = args.seeds.unwrap_or_else(|| preset.n_seeds());
    if n_seeds == 0 {
        return Err(usage("--seeds 0: at least one seed is needed"));
    }
    Ok(Plan { preset, settings: Settings::of(preset).with(&args.set)?, seeds: (0..n_seeds).collect() })
}

fn run_section(common: &Common, cx: &Context, section: &dyn Section) -> anyhow::Result<Findings> {
    let about = section.about();
    let started = Instant::now();
    let folder = RunFolder::new(&common.runs, about.id, cx.plan.preset);
    let config = Config::new(section, &cx.plan, &common.device.to_string());
    folder.write_config(&config)?;
    let mut findings = section.run(cx)?;
    findings.fingerprint = config.fingerprint;
    findings.claims = section.claims(&findings)?;
    let mut gallery = Gallery::new(&folder);
    section.draw(&findings, &mut gallery)?;
    findings.figures = gallery.names();
    findings.timings.insert("section".into(), started.elapsed().as_secs_f64());
    let tables = section.tables(&findings);
    for (name, table) in &tables {
        folder.write_table(name, table)?;
    }
    folder.write_findings(&findings)?;
    if !common.json {
        report(common, section, &findings, &folder)?;
    }
    Ok(findings)
}

/// The section's tables, claims and files, for the terminal.
fn report(
    common: &Common,
    section: &dyn Section,
    findings: &Findings,
    folder: &RunFolder,
) -> anyhow::Result<()> {
    let about = section.about();
    print(&format!("\n{}  {}", about.id, about.title))?;
    for (name, table) in section.tables(findings) {
        print(&format!("\nTable {name}\n{}", table.to_text()))?;
    }
    for claim in &findings.claims {
        print(&claim.to_string())?;
    }
    if !common.quiet {
        note(&format!(
            "{} figures and the numbers behind them: {}",
            findings.figures.len(),
            folder.path().display()
        ));
    }
    Ok(())
}
