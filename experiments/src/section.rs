//! What a section of the thesis is to the program: recipes it needs, findings it states, figures it draws.

use crate::claim::Claim;
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::table::Table;

/// What a section makes, for the listing and for finding it by name.
#[derive(Debug)]
pub struct About {
    /// The number of its section in the thesis and a word: `3.4-cnn`. Also the name of its folder.
    pub id: &'static str,
    /// One line on what it shows.
    pub title: &'static str,
    /// Figures of the thesis that it makes: `3.1`.
    pub figures: &'static [&'static str],
    /// Tables of the thesis that it makes.
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

/// Something that a section needs and that is not there: the others run without it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

/// One section: a small file under `ch3/` … `ch7/` and a line in `sections.rs`.
pub trait Section: Sync {
    /// What it makes.
    fn about(&self) -> &'static About;

    /// The networks it reads from the zoo.
    fn recipes(&self, _plan: &Plan) -> Vec<Recipe> {
        Vec::new()
    }

    /// Measures.
    fn run(&self, cx: &Context) -> anyhow::Result<Findings>;

    /// Tests its claims on what was found.
    fn claims(&self, _findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        Ok(Vec::new())
    }

    /// Draws its figures from what was found, and from nothing else.
    fn draw(&self, _findings: &Findings, _gallery: &mut Gallery) -> anyhow::Result<()> {
        Ok(())
    }

    /// Its tables by name, `3.4`, from what was found.
    fn tables(&self, _findings: &Findings) -> Vec<(String, Table)> {
        Vec::new()
    }
}
