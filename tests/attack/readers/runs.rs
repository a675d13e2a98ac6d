//! Readers of the folder of a run: its seal, and what that vouches for.

use std::fs;
use std::path::Path;

use vitrine::thesis::{Context, SECTIONS};
use vitrine_lab::report::Page;
use vitrine_lab::{About, Preset, RunFolder, Study};

/// A section that draws two figures.
const SECTION: &str = "4.3-toy";
/// One of them.
const FIGURE: &str = "4.12";

const CONFIGURATION: &str = "section = \"4.3-toy\"\nrun = \"smoke\"\nseeds = [0]\n[settings]\n[provenance]\n\
    device = \"cpu\"\nversion = \"0.1.0\"\n";

/// A file of the section's run in a runs folder.
pub fn file(runs: &Path, name: &str) -> Vec<u8> {
    fs::read(runs.join(SECTION).join("smoke").join(name)).unwrap_or_default()
}

fn run_folder(dir: &Path) -> RunFolder {
    RunFolder::new(dir, SECTION, &Preset::Smoke.into())
}

/// The seal of these files.
fn seal_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let checksum = |bytes: &[u8]| serde_json::Value::from(blake3::hash(bytes).to_hex().to_string());
    let checksums: serde_json::Map<_, _> =
        files.iter().map(|(name, bytes)| (name.to_string(), checksum(bytes))).collect();
    serde_json::json!({ "checksums": checksums }).to_string().into_bytes()
}

/// Places files and seals them, as whoever made the folder may have done: the seal keeps nobody from writing nonsense.
fn place(dir: &Path, files: &[(&str, &[u8])]) -> bool {
    place_under(dir, files, &seal_of(files))
}

fn place_under(dir: &Path, files: &[(&str, &[u8])], seal: &[u8]) -> bool {
    let folder = run_folder(dir).path().to_path_buf();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_ok())
            && fs::write(path, bytes).is_ok()
    };
    files.iter().all(|(name, bytes)| write(name, bytes)) && write("done.json", seal)
}

pub fn read_configuration(dir: &Path, bytes: &[u8]) -> bool {
    place(dir, &[("config.toml", bytes)]) && run_folder(dir).read_config().is_ok()
}

/// The findings of the section, without their arrays.
pub fn findings(runs: &Path) -> Vec<u8> {
    let text = file(runs, "findings.json");
    let mut findings: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    findings["arrays"] = serde_json::json!([]);
    serde_json::to_vec_pretty(&findings).unwrap_or_default()
}

/// Reads findings, and shows what it can of them.
pub fn read_findings(dir: &Path, bytes: &[u8]) -> bool {
    let read = place(dir, &[("findings.json", bytes)]).then(|| run_folder(dir).read_findings());
    let Some(Ok(stored)) = read else { return false };
    for section in SECTIONS.iter().filter(|section| section.about().id == SECTION) {
        _ = section.tables(&stored);
    }
    true
}

/// Findings of nothing but these arrays and figures.
fn findings_with(arrays: &[&str], figures: &[&str]) -> Vec<u8> {
    let findings = serde_json::json!({
        "section": SECTION, "run": "smoke", "seeds": [0], "values": null, "claims": [],
        "arrays": arrays, "figures": figures,
    });
    findings.to_string().into_bytes()
}

/// Two rows of three numbers.
pub fn array() -> Vec<u8> {
    let header = format!("{:117}\n", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
    let numbers: Vec<u8> = [1.0_f64, 2.0, 3.0, 4.0, 5.0, 6.0].iter().flat_map(|x| x.to_le_bytes()).collect();
    [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &numbers].concat()
}

pub fn read_array(dir: &Path, bytes: &[u8]) -> bool {
    place(dir, &[("findings.json", &findings_with(&["a"], &[])), ("arrays/a.npy", bytes)])
        && run_folder(dir).read_findings().is_ok()
}

/// A run with a table, but for its seal.
fn with_a_table() -> [(&'static str, Vec<u8>); 3] {
    [
        ("config.toml", CONFIGURATION.into()),
        ("findings.json", findings_with(&[], &[])),
        ("tables/table-a.csv", b"a,b\n".into()),
    ]
}

pub fn seal() -> Vec<u8> {
    seal_of(&with_a_table().each_ref().map(|(name, bytes)| (*name, &bytes[..])))
}

/// Opens a run by its seal, and reads all that it names.
pub fn read_seal(dir: &Path, bytes: &[u8]) -> bool {
    if !place_under(dir, &with_a_table().each_ref().map(|(name, bytes)| (*name, &bytes[..])), bytes) {
        return false;
    }
    let Ok(Some(sealed)) = run_folder(dir).open() else { return false };
    sealed.config().is_ok() && sealed.findings().is_ok_and(|found| sealed.check_shown(&found).is_ok())
}

/// The picture of a figure.
pub fn picture(runs: &Path, ending: &str) -> Vec<u8> {
    file(runs, &format!("figures/fig{FIGURE}.{ending}"))
}

/// Reads a run for the report, with that picture.
pub fn read_picture(dir: &Path, ending: &str, bytes: &[u8]) -> bool {
    let files = [
        ("config.toml", CONFIGURATION.as_bytes()),
        ("findings.json", &findings_with(&[], &[FIGURE])),
        (&format!("figures/fig{FIGURE}.{ending}"), bytes),
    ];
    place(dir, &files) && Page::read(dir, &Drawn, &Preset::Smoke.into()).is_ok_and(|page| page.is_some())
}

/// A study of which only the figure counts.
struct Drawn;

impl Study for Drawn {
    type Given = Context;
    type Findings = ();

    fn about(&self) -> &'static About {
        &About { id: SECTION, title: "", figures: &[FIGURE], tables: &[], claims: &[] }
    }

    fn run(&self, _: &Context) -> anyhow::Result<()> {
        Ok(())
    }
}
