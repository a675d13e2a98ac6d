//! What the page says of figures on which the paper states something, and of those on which it does not.

use serde::{Deserialize, Serialize};
use vitrine_figures::{Histograms, Picture};
use vitrine_lab::{
    About, Agreement, Code, Gallery, Given, Job, Listed, Origin, Paper, Plan, Preset, Shown, Study, Workshop,
    Zoo, agreement, report,
};

struct Bench(Zoo);

impl Given for Bench {
    fn plan(&self) -> Plan {
        Plan::of(Preset::Smoke, vec![0], toml::Table::new())
    }

    fn zoo(&self) -> &Zoo {
        &self.0
    }
}

/// A study of one seed, in which what the paper says of figure 1.1 is so or not.
struct Compared {
    is_so: bool,
}

#[derive(Serialize, Deserialize)]
struct Found {
    is_so: Vec<bool>,
}

impl Study for Compared {
    type Given = Bench;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &About { id: "1.1-compared", title: "Compared", figures: &["1.1", "1.2"], tables: &[], claims: &[] }
    }

    fn run(&self, _: &Bench) -> anyhow::Result<Found> {
        Ok(Found { is_so: vec![self.is_so] })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        vec![agreement("1.1").so("a", &found.is_so, "n")]
    }

    fn draw(&self, _: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panels = vec![("counts".to_string(), vec![1.0, 2.0])];
        let drawing = Histograms { panels, x_label: "x", y_label: "n" };
        let picture = Picture { width: 320, height: 200 };
        gallery.add("1.1", picture, &drawing)?;
        gallery.add("1.2", picture, &drawing)
    }
}

/// A paper that says something of figure 1.1, and nothing of figure 1.2.
fn paper() -> Paper {
    let shown = |says: Option<&str>| Shown { shows: "a figure".into(), says: says.map(String::from) };
    Paper {
        voice: "Thesis".into(),
        figures: [("1.1".into(), shown(Some("x < 1 everywhere"))), ("1.2".into(), shown(None))].into(),
        ..Paper::default()
    }
}

/// The page of the study with that paper.
fn page(is_so: bool) -> String {
    let runs = tempfile::tempdir().unwrap();
    let bench = Bench(Zoo::new(Workshop::new(runs.path())));
    let all: [Listed<Bench>; 1] =
        [if is_so { &Compared { is_so: true } } else { &Compared { is_so: false } }];
    let code = |_: &str| Code { measures: "a".into(), draws: "a".into() };
    let job =
        Job { given: &|_| &bench, runs: runs.path(), origin: Origin::default(), code: &code, force: false };
    job.run(&all, &mut |_, _| Ok(())).unwrap();
    let written = report::write(&paper(), &all, runs.path(), &Preset::Smoke.into()).unwrap();
    std::fs::read_to_string(written.path).unwrap()
}

/// What stands between two texts, the first of each.
fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = html.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

fn differences(html: &str) -> &str {
    between(html, "<section id=\"differences\">", "</section>")
}

#[test]
fn what_is_not_as_the_paper_says_stands_among_the_differences_beside_its_statement() {
    let html = page(false);
    let differences = differences(&html);
    let row = between(differences, "<tbody>", "</tbody>");
    for words in
        ["Figure 1.1", "✗ differs", "x &lt; 1 everywhere", "✗ a: not so (n).", "<i>Why:</i> not known."]
    {
        assert!(row.contains(words), "{words}: {row}");
    }
    assert_eq!(row.matches("<tr>").count(), 1);
    assert!(differences.contains("0 agree with what is found here, 0 agree in part and 1 differ"));
}

#[test]
fn what_is_as_the_paper_says_is_counted_and_stands_under_its_figure_alone() {
    let html = page(true);
    let differences = differences(&html);
    assert_eq!(between(differences, "<tbody>", "</tbody>"), "");
    assert!(differences.contains("1 agree with what is found here, 0 agree in part and 0 differ"));
    let figure = between(&html, "id=\"fig-1.1-compared-1.1\"", "</figure>");
    assert!(figure.contains("✓ agrees") && figure.contains("✓ a: so with one seed (n)."), "{figure}");
}

#[test]
fn a_figure_of_which_the_paper_says_nothing_says_so() {
    let html = page(true);
    let silent = "The thesis states nothing that could be compared.";
    assert!(between(&html, "id=\"fig-1.1-compared-1.2\"", "</figure>").contains(silent));
    assert!(!between(&html, "id=\"fig-1.1-compared-1.1\"", "</figure>").contains(silent));
}
