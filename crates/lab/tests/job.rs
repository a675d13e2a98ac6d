//! A job over small studies: what is measured, kept, drawn again, not run, and what a damaged folder comes to.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::array;
use serde::{Deserialize, Serialize};
use vitrine_figures::{Histograms, Picture};
use vitrine_lab::register::{Above, Register, Registered, RegisteredClaim};
use vitrine_lab::report::{self, Book};
use vitrine_lab::{
    About, Claim, Code, Gallery, Given, Job, JobDone, Listed, Matrix, Missing, Origin, Outcome, Paper, Plan,
    Preset, RunFolder, Saved, Study, Table, Workshop, Zoo,
};

/// What the studies are given: besides the bench's, how often they were measured and drawn.
struct Bench {
    zoo: Zoo,
    seeds: Vec<u64>,
    n_measured: AtomicUsize,
}

impl Given for Bench {
    fn plan(&self) -> Plan {
        Plan::of(Preset::Smoke, self.seeds.clone(), toml::Table::new())
    }

    fn zoo(&self) -> &Zoo {
        &self.zoo
    }
}

fn bench(runs: &Path) -> Bench {
    Bench { zoo: Zoo::new(Workshop::new(runs)), seeds: vec![0, 1, 2], n_measured: AtomicUsize::new(0) }
}

fn positive() -> Registered {
    Registered::mean("C1", "a square", Above(0.0))
}

struct Squares;

#[derive(Serialize, Deserialize)]
struct Found {
    by_seed: Vec<f64>,
    table: Matrix,
}

impl Study for Squares {
    type Given = Bench;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &About { id: "1.1-squares", title: "Squares", figures: &["1.1"], tables: &["1.1"], claims: &["C1"] }
    }

    fn run(&self, bench: &Bench) -> anyhow::Result<Found> {
        bench.n_measured.fetch_add(1, Ordering::SeqCst);
        let by_seed = bench.seeds.iter().map(|&seed| 4.0 + seed as f64).collect();
        Ok(Found { by_seed, table: Saved(array![[1.0, 4.0], [9.0, f64::NAN]]) })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        vec![positive().over(&found.by_seed)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panels = vec![("squares".to_string(), found.table.row(0).to_vec())];
        let drawing = Histograms { panels, x_label: "x", y_label: "n" };
        gallery.add("1.1", Picture { width: 320, height: 200 }, &drawing)
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["first", "second"]);
        table.row(found.table.row(0).iter().map(f64::to_string));
        vec![("1.1".into(), table)]
    }
}

/// Lacks what it needs.
struct Absent;

/// Fails by a panic.
struct Broken;

/// Breaks as its recipes are asked for once it has been measured.
struct Torn;

impl Study for Torn {
    type Given = Bench;
    type Findings = ();

    fn about(&self) -> &'static About {
        &About { id: "1.4-torn", title: "Torn", figures: &[], tables: &[], claims: &[] }
    }

    fn recipes(&self, bench: &Bench) -> Vec<vitrine_lab::Recipe> {
        assert_eq!(bench.n_measured.load(Ordering::SeqCst), 0, "torn");
        Vec::new()
    }

    fn run(&self, bench: &Bench) -> anyhow::Result<()> {
        bench.n_measured.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

macro_rules! fails {
    ($study:ty, $id:literal, $run:expr) => {
        impl Study for $study {
            type Given = Bench;
            type Findings = ();

            fn about(&self) -> &'static About {
                &About { id: $id, title: "", figures: &[], tables: &[], claims: &["C2"] }
            }

            fn run(&self, _: &Bench) -> anyhow::Result<()> {
                $run
            }
        }
    };
}

fails!(Absent, "1.2-absent", Err(Missing("the moon is not there".into()).into()));
fails!(Broken, "1.3-broken", panic!("out of order"));

const ALL: &[Listed<Bench>] = &[&Squares, &Absent, &Broken];

/// Changes a file of a run, and its seal with it, as whoever made the folder may have done.
fn forge(runs: &Path, file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let folder = runs.join("1.1-squares/smoke");
    let bytes = change(std::fs::read(folder.join(file)).unwrap());
    let seal = std::fs::read(folder.join("done.json")).unwrap();
    let mut seal: serde_json::Value = serde_json::from_slice(&seal).unwrap();
    seal["checksums"][file] = blake3::hash(&bytes).to_hex().to_string().into();
    std::fs::write(folder.join("done.json"), seal.to_string()).unwrap();
    std::fs::write(folder.join(file), bytes).unwrap();
}

/// Text with something else in the place of a part.
fn with(old: &str, new: &str) -> impl FnOnce(Vec<u8>) -> Vec<u8> {
    move |bytes| String::from_utf8(bytes).unwrap().replace(old, new).into_bytes()
}

fn run(bench: &Bench, runs: &Path, studies: &[Listed<Bench>], code: [&str; 2]) -> JobDone {
    let code = |_: &str| Code { measures: code[0].into(), draws: code[1].into() };
    let job = Job { given: &|_| bench, runs, origin: Origin::default(), code: &code, force: false };
    job.run(studies, &mut |_, _| Ok(())).unwrap()
}

#[test]
fn what_is_done_is_kept_drawn_again_by_changed_drawings_and_measured_again_by_changed_measures() {
    let runs = tempfile::tempdir().unwrap();
    let bench = bench(runs.path());
    let outcome = |code| run(&bench, runs.path(), &ALL[..1], code).studies.remove(0).outcome;
    let figure = runs.path().join("1.1-squares/smoke/figures/fig1.1.svg");
    assert!(matches!(outcome(["a", "a"]), Outcome::Measured(_)));
    assert!(matches!(outcome(["a", "a"]), Outcome::Kept { is_redrawn: false, .. }));
    for (spoilt, code) in [(true, ["a", "a"]), (false, ["a", "b"])] {
        if spoilt {
            std::fs::write(&figure, "spoilt").unwrap();
        }
        assert!(matches!(outcome(code), Outcome::Kept { is_redrawn: true, .. }));
        assert!(std::fs::read_to_string(&figure).unwrap().starts_with("<svg"));
        assert!(matches!(outcome(code), Outcome::Kept { is_redrawn: false, .. }));
    }
    assert_eq!(bench.n_measured.load(Ordering::SeqCst), 1);
    assert!(matches!(outcome(["b", "b"]), Outcome::Measured(_)));
    assert_eq!(bench.n_measured.load(Ordering::SeqCst), 2);
}

#[test]
fn a_study_that_lacks_something_or_breaks_does_not_stop_the_others() {
    let runs = tempfile::tempdir().unwrap();
    let done = run(&bench(runs.path()), runs.path(), ALL, ["a", "a"]);
    let [squares, absent, broken] = &done.studies[..] else { panic!("three studies") };
    assert_eq!(squares.outcome.stored().unwrap().claims[0].values, [4.0, 5.0, 6.0]);
    assert!(matches!(&absent.outcome, Outcome::NotRun(why) if why.to_string() == "the moon is not there"));
    assert!(matches!(&broken.outcome, Outcome::Failed(error) if error.to_string().contains("out of order")));
}

#[test]
fn findings_come_back_from_their_folder_to_the_bit_and_the_report_holds_them() {
    let runs = tempfile::tempdir().unwrap();
    run(&bench(runs.path()), runs.path(), ALL, ["a", "a"]);
    let folder = RunFolder::new(runs.path(), "1.1-squares", &Preset::Smoke.into());
    let found: Found = folder.read_findings().unwrap().read().unwrap();
    assert!(found.table[(1, 1)].is_nan() && found.table[(1, 0)] == 9.0);
    assert_eq!(found.by_seed, [4.0, 5.0, 6.0]);
    let claim = RegisteredClaim::new("C1", "Squares are positive.", vec![positive()]);
    let register = Register { claims: vec![claim] };
    let paper = Paper { title: "A <paper>".into(), register, ..Paper::default() };
    let book = Book::read(&paper, ALL, runs.path(), &Preset::Smoke.into());
    assert_eq!((book.pages.len(), book.absent.len(), book.ledger.claims.len()), (1, 2, 1));
    let written = report::write(&paper, ALL, runs.path(), &Preset::Smoke.into()).unwrap();
    let html = std::fs::read_to_string(written.path).unwrap();
    assert!(
        html.contains("A &lt;paper&gt;") && html.contains("a square, above 0") && !html.contains("A <paper>")
    );
}

#[test]
fn findings_that_lead_out_of_their_folder_are_refused() {
    let runs = tempfile::tempdir().unwrap();
    run(&bench(runs.path()), runs.path(), &ALL[..1], ["a", "a"]);
    forge(runs.path(), "findings.json", with("\"table\"\n", "\"../../../etc/passwd\"\n"));
    let error =
        RunFolder::new(runs.path(), "1.1-squares", &Preset::Smoke.into()).read_findings().unwrap_err();
    assert!(error.to_string().contains("findings.json") && error.to_string().contains("../"), "{error}");
}

#[test]
fn an_array_of_another_shape_is_said_with_its_study_and_measured_again() {
    let runs = tempfile::tempdir().unwrap();
    let bench = bench(runs.path());
    run(&bench, runs.path(), &ALL[..1], ["a", "a"]);
    forge(runs.path(), "arrays/table.npy", |_| {
        let mut bytes = Vec::new();
        ndarray_npy::WriteNpyExt::write_npy(&ndarray::Array2::<f64>::zeros((0, 2)), &mut bytes).unwrap();
        bytes
    });
    let paper = Paper::default();
    let book = Book::read(&paper, &ALL[..1], runs.path(), &Preset::Smoke.into());
    assert!(
        book.pages.is_empty() && book.damaged[0].contains("1.1-squares at preset smoke"),
        "{:?}",
        book.damaged
    );
    run(&bench, runs.path(), &ALL[..1], ["a", "a"]);
    assert_eq!(bench.n_measured.load(Ordering::SeqCst), 2);
}

#[test]
fn one_changed_byte_of_any_file_of_a_run_is_noticed_and_made_again() {
    let runs = tempfile::tempdir().unwrap();
    let bench = bench(runs.path());
    run(&bench, runs.path(), &ALL[..1], ["a", "a"]);
    let folder = runs.path().join("1.1-squares/smoke");
    let files = [
        ("config.toml", true),
        ("findings.json", true),
        ("arrays/table.npy", true),
        // Its last digit is of a table's checksum.
        ("done.json", false),
        ("figures/fig1.1.svg", false),
        ("figures/fig1.1.png", false),
        ("tables/table1.1.csv", false),
        ("tables/table1.1.md", false),
    ];
    let lasting = |file: &str| !["config.toml", "findings.json", "done.json"].contains(&file);
    for (file, is_measured) in files {
        let path = folder.join(file);
        let sound = std::fs::read(&path).unwrap();
        let mut spoilt = sound.clone();
        // The last digit, letter or number: past all headers, and before the last brace.
        let place = spoilt.iter().rposition(u8::is_ascii_alphanumeric).unwrap();
        spoilt[place] ^= 1;
        std::fs::write(&path, spoilt).unwrap();
        let before = bench.n_measured.load(Ordering::SeqCst);
        let outcome = run(&bench, runs.path(), &ALL[..1], ["a", "a"]).studies.remove(0).outcome;
        let is_as_expected = match outcome {
            Outcome::Measured(_) => is_measured,
            Outcome::Kept { is_redrawn, .. } => !is_measured && is_redrawn,
            _ => false,
        };
        assert!(is_as_expected, "{file}");
        assert_eq!(bench.n_measured.load(Ordering::SeqCst), before + usize::from(is_measured), "{file}");
        assert!(!lasting(file) || std::fs::read(&path).unwrap() == sound, "{file}");
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_run_are_not_followed_into_the_report_and_linked_folders_not_written() {
    use std::os::unix::fs::symlink;
    let (runs, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bench = bench(runs.path());
    let all: &[Listed<Bench>] = &[&Torn, &Squares];
    run(&bench, runs.path(), all, ["a", "a"]);
    let figures = runs.path().join("1.1-squares/smoke/figures");
    let secret = outside.path().join("fig1.1.svg");
    std::fs::rename(figures.join("fig1.1.svg"), &secret).unwrap();
    symlink(&secret, figures.join("fig1.1.svg")).unwrap();
    let book =
        Book::read(&Paper { ..Paper::default() }, all, runs.path(), &Preset::Smoke.into()).damaged.join("");
    assert!(book.contains("fig1.1.svg: is a link"), "{book}");
    // Drawn again, the link is replaced, and what it led to stays.
    std::fs::write(&secret, "theirs").unwrap();
    run(&bench, runs.path(), &all[1..], ["a", "a"]);
    assert!(std::fs::read_to_string(figures.join("fig1.1.svg")).unwrap().starts_with("<svg"));
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "theirs");
    // A linked folder is refused by name.
    std::fs::remove_dir_all(&figures).unwrap();
    symlink(outside.path(), &figures).unwrap();
    let outcome = run(&bench, runs.path(), &all[1..], ["b", "b"]).studies.remove(0).outcome;
    assert!(
        matches!(&outcome, Outcome::Failed(error) if error.to_string().contains("smoke/figures: is a link"))
    );
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    symlink(outside.path(), runs.path().join("report")).unwrap();
    let Err(error) = report::write(&Paper::default(), all, runs.path(), &Preset::Smoke.into()) else {
        panic!("written through a link")
    };
    assert!(error.to_string().contains("report: is a link"), "{error:#}");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn whoever_comes_second_finds_done_what_another_measures_and_a_reader_never_sees_a_half() {
    let runs = tempfile::tempdir().unwrap();
    let benches: Vec<Bench> = (0..4).map(|_| bench(runs.path())).collect();
    let n_damaged = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for bench in &benches {
            scope.spawn(|| run(bench, runs.path(), &ALL[..1], ["a", "a"]));
        }
        for _ in 0..20 {
            scope.spawn(|| {
                let paper = Paper::default();
                let book = Book::read(&paper, &ALL[..1], runs.path(), &Preset::Smoke.into());
                n_damaged.fetch_add(book.damaged.len(), Ordering::SeqCst)
            });
        }
    });
    let n_measured: usize = benches.iter().map(|bench| bench.n_measured.load(Ordering::SeqCst)).sum();
    assert_eq!((n_measured, n_damaged.into_inner()), (1, 0));
}

#[test]
fn a_study_that_breaks_before_it_is_measured_does_not_stop_the_others() {
    let runs = tempfile::tempdir().unwrap();
    let bench = bench(runs.path());
    let outcomes = || -> Vec<Outcome> {
        let done = run(&bench, runs.path(), &[&Torn, &Squares], ["a", "a"]);
        done.studies.into_iter().map(|ended| ended.outcome).collect()
    };
    assert!(matches!(&outcomes()[..], [Outcome::Measured(_), Outcome::Measured(_)]));
    // It is done, and what it rests on cannot be asked for; then it is not even done.
    for is_done in [true, false] {
        let folder = runs.path().join("1.4-torn/smoke");
        assert_eq!(folder.join("findings.json").is_file(), is_done);
        let again = outcomes();
        let [Outcome::Failed(error), Outcome::Kept { .. }] = &again[..] else {
            panic!("one fails, one is kept")
        };
        assert!(error.to_string().contains("torn"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap_or_default();
    }
}

#[test]
fn a_study_without_its_picture_is_left_out_of_the_report_by_name() {
    let runs = tempfile::tempdir().unwrap();
    run(&bench(runs.path()), runs.path(), &[&Torn, &Squares], ["a", "a"]);
    std::fs::remove_dir_all(runs.path().join("1.1-squares/smoke/figures")).unwrap();
    let written =
        report::write(&Paper::default(), &[&Torn, &Squares], runs.path(), &Preset::Smoke.into()).unwrap();
    let [damage] = &written.damaged[..] else { panic!("{:?}", written.damaged) };
    assert!(damage.contains("figure 1.1 cannot be shown; drawing again makes it: "), "{damage}");
    assert!(std::fs::read_to_string(written.path).unwrap().contains("id=\"s-1.4-torn\""));
}

#[test]
fn figures_that_lead_out_of_their_folder_are_refused() {
    let runs = tempfile::tempdir().unwrap();
    run(&bench(runs.path()), runs.path(), &ALL[..1], ["a", "a"]);
    forge(runs.path(), "findings.json", with("\"1.1\"\n", "\"/../../1.1\"\n"));
    let error =
        RunFolder::new(runs.path(), "1.1-squares", &Preset::Smoke.into()).read_findings().unwrap_err();
    assert!(error.to_string().contains("figure `/../../1.1`"), "{error}");
}
