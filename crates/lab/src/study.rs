//! What a study is to the bench: recipes it needs trained, findings it states, claims it tests, figures it draws.

use anyhow::Context as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::agreement::Agreement;
use crate::claim::Claim;
use crate::gallery::Gallery;
use crate::guard::guarded;
use crate::plan::Given;
use crate::recipe::Recipe;
use crate::saved::{Parts, disassemble};
use crate::stored::Stored;
use crate::table::Table;

/// What a study makes, for the listing and for finding it by name.
#[derive(Debug)]
pub struct About {
    /// A number and a word: `3.4-cnn`. Also the name of its folder; what stands before the first dot is its chapter.
    pub id: &'static str,
    /// One line on what it shows.
    pub title: &'static str,
    /// Figures of the paper that it makes: `3.1`.
    pub figures: &'static [&'static str],
    /// Tables of the paper that it makes.
    pub tables: &'static [&'static str],
    /// Claims that it tests.
    pub claims: &'static [&'static str],
}

impl About {
    /// The chapter it belongs to.
    pub fn chapter(&self) -> &'static str {
        self.id.split(['.', '-']).next().unwrap_or(self.id)
    }
}

/// Something that a study needs and that is not there: the others run without it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

/// One study. Its findings are a type of its own: what [`run`](Study::run) states, the other methods read as fields.
pub trait Study: Sync {
    /// What it is given to work with.
    type Given: Given;

    /// What it finds; arrays among it are [`Vector`](crate::Vector) and [`Matrix`](crate::Matrix).
    type Findings: Serialize + DeserializeOwned;

    /// What it makes.
    fn about(&self) -> &'static About;

    /// The networks it reads from the zoo.
    fn recipes(&self, _given: &Self::Given) -> Vec<Recipe> {
        Vec::new()
    }

    /// Measures.
    ///
    /// # Errors
    /// When it cannot; [`Missing`] where what it needs is not there.
    fn run(&self, given: &Self::Given) -> anyhow::Result<Self::Findings>;

    /// Gives what was found to its tests, a value per seed.
    fn claims(&self, _found: &Self::Findings) -> Vec<Claim> {
        Vec::new()
    }

    /// What it finds beside what the paper states of its figures and tables: one for each statement.
    fn agreements(&self, _found: &Self::Findings) -> Vec<Agreement> {
        Vec::new()
    }

    /// Draws its figures from what was found, and from nothing else.
    ///
    /// # Errors
    /// When a figure cannot be drawn or written.
    fn draw(&self, _found: &Self::Findings, _gallery: &mut Gallery) -> anyhow::Result<()> {
        Ok(())
    }

    /// Its tables by name, `3.4`, from what was found. A table of our own has a name that begins with a hyphen.
    fn tables(&self, _found: &Self::Findings) -> Vec<(String, Table)> {
        Vec::new()
    }
}

/// A study whatever the type of its findings, as lists of studies hold it.
pub trait AnyStudy<G: Given>: Sync {
    /// As of [`Study::about`].
    fn about(&self) -> &'static About;

    /// As of [`Study::recipes`].
    fn recipes(&self, given: &G) -> Vec<Recipe>;

    /// As of [`Study::run`], with the findings taken apart.
    ///
    /// # Errors
    /// As of [`Study::run`].
    fn run(&self, given: &G) -> anyhow::Result<Parts>;

    /// Tests its claims, draws its figures and makes its tables from stored findings.
    ///
    /// # Errors
    /// When the findings are of another type, or a figure cannot be drawn or written.
    fn show(&self, stored: &Stored, gallery: &mut Gallery) -> anyhow::Result<Display>;

    /// Its tables from stored findings.
    ///
    /// # Errors
    /// When the findings are of another type.
    fn tables(&self, stored: &Stored) -> anyhow::Result<Vec<(String, Table)>>;
}

/// What a study shows of its findings besides its figures.
pub struct Display {
    /// The numbers of its tests.
    pub claims: Vec<Claim>,
    /// What the paper states of its figures and tables, beside what was found.
    pub agreements: Vec<Agreement>,
    /// Its tables by name.
    pub tables: Vec<(String, Table)>,
}

/// Shows findings, whose numbers may be a stranger's: what breaks on them is said with their name.
fn of_findings<T>(stored: &Stored, show: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    guarded(show)
        .with_context(|| format!("{} at preset {}: its findings cannot be shown", stored.section, stored.run))
}

impl<S: Study> AnyStudy<S::Given> for S {
    fn about(&self) -> &'static About {
        Study::about(self)
    }

    fn recipes(&self, given: &S::Given) -> Vec<Recipe> {
        Study::recipes(self, given)
    }

    fn run(&self, given: &S::Given) -> anyhow::Result<Parts> {
        disassemble(&Study::run(self, given)?)
    }

    fn show(&self, stored: &Stored, gallery: &mut Gallery) -> anyhow::Result<Display> {
        let found: S::Findings = stored.read()?;
        of_findings(stored, || {
            self.draw(&found, gallery)?;
            Ok(Display {
                claims: self.claims(&found),
                agreements: self.agreements(&found),
                tables: Study::tables(self, &found),
            })
        })
    }

    fn tables(&self, stored: &Stored) -> anyhow::Result<Vec<(String, Table)>> {
        let found = stored.read()?;
        of_findings(stored, || Ok(Study::tables(self, &found)))
    }
}
