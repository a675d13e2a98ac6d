//! Where data come from: one trait, one file for each source.

use std::path::PathBuf;

use crate::about::About;
use crate::error::DataError;
use crate::folders::Folders;
use crate::not_finite::NotFinite;
use crate::split::Split;
use crate::streams::Streams;

/// A source of labelled samples, described by its settings.
///
/// A new one is a struct of settings in a file of its own under `sources/`, with its defaults, and its lines in the list
/// of [`AnySource`](crate::AnySource) there, where its variant's name in snake case is the `kind` of recipes.
pub trait Source {
    /// Its name: in errors, and for the folder of its files in [`Folders`].
    fn name(&self) -> &'static str;

    /// Refuses settings out of range, before anything is drawn or read.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    fn check(&self) -> Result<(), DataError> {
        Ok(())
    }

    /// What a network must know of the data. A source of files reads them for it, once until they change.
    ///
    /// # Errors
    /// Whatever is wrong with the files that must be read for it.
    fn about(&self, folders: &Folders) -> Result<About, DataError>;

    /// The content of the files that it reads: a hash of what is in them, unpacked, whatever they are packed in and
    /// whenever they were written. `None` where settings and seed decide everything.
    ///
    /// # Errors
    /// A folder that is not given, files that are missing or cannot be read.
    fn content(&self, _folders: &Folders) -> Result<Option<String>, DataError> {
        Ok(None)
    }

    /// The paths that its settings name. They say where the files are, not what is in them.
    fn paths(&mut self) -> Vec<&mut PathBuf> {
        Vec::new()
    }

    /// Changes the setting of that name in the [short form](crate::DataSettings::from_short).
    ///
    /// # Errors
    /// A setting that there is not, or a value that is none of it.
    fn set(&mut self, key: &str, _value: &str) -> Result<(), DataError> {
        Err(DataError::unknown_key(key, self.name(), &[]))
    }

    /// Draws or reads the three sets. What is random comes from `streams`, whose stream `corruption` is taken.
    ///
    /// # Errors
    /// Settings that ask for more than there is, and whatever is wrong with the files.
    fn load(&self, streams: &Streams, folders: &Folders) -> Result<Loaded, DataError>;
}

/// What a source gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The sets.
    pub split: Split,
    /// The content of the files that they were read from, stated by the very bytes that were read; `None` as for
    /// [`Source::content`].
    pub content: Option<String>,
    /// What in the files is no finite number, where anything is; nothing is trained on that.
    pub not_finite: Vec<NotFinite>,
}
