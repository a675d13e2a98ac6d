//! Sources that read files: what they have in common.

use std::fmt::Debug;
use std::path::PathBuf;

use crate::about::About;
use crate::error::DataError;
use crate::file_sets::FileSets;
use crate::folders::{Facts, Folders};
use crate::source::{Loaded, Source};
use crate::split_settings::{Part, SplitSettings};
use crate::standardise::standardise;
use crate::streams::Streams;

/// Keys of the short form that all have, after those of their own.
const COMMON_KEYS: [&str; 5] = ["standardise", "validation", "test", "stratified", "seed"];

/// A source that reads files which its settings name: they are read, split, and standardised where asked.
pub trait FileSource: Debug {
    /// Its name, the `kind` of recipes.
    const NAME: &'static str;

    /// Refuses settings out of range, those of the split apart.
    fn check_own(&self) -> Result<(), DataError>;

    /// The paths that its settings name, those of the split with them.
    fn all_paths(&mut self) -> Vec<&mut PathBuf>;

    /// All files that are read: when none of them has changed, nothing has.
    fn files(&self) -> Result<Vec<PathBuf>, DataError>;

    /// Reads them.
    fn read(&self) -> Result<FileSets, DataError>;

    /// The settings that all have: how the samples are split, and whether features are brought to mean 0 and deviation 1.
    fn common(&self) -> (&SplitSettings, bool);

    /// The same, to be set.
    fn common_mut(&mut self) -> (&mut SplitSettings, &mut bool);

    /// The keys of its own in the short form.
    fn keys(&self) -> &'static [&'static str] {
        &[]
    }

    /// Sets what one of its own keys names.
    fn set_own(&mut self, _key: &str, _value: &str) -> Result<(), DataError> {
        Ok(())
    }
}

impl<S: FileSource> Source for S {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn check(&self) -> Result<(), DataError> {
        self.check_own()?;
        self.common().0.check()
    }

    fn about(&self, folders: &Folders) -> Result<About, DataError> {
        Ok(facts(self, folders)?.about)
    }

    fn content(&self, folders: &Folders) -> Result<Option<String>, DataError> {
        Ok(Some(facts(self, folders)?.content))
    }

    fn load(&self, streams: &Streams, _folders: &Folders) -> Result<Loaded, DataError> {
        let sets = read_checked(self)?;
        let (not_finite, content) = (sets.not_finite(), Some(sets.content.clone()));
        let (settings, is_standardised) = self.common();
        let mut split = sets.split(settings, streams);
        if split.train.n_samples() == 0 {
            return Err(DataError::setting("split", "shares", "they leave no sample to train on"));
        }
        if is_standardised {
            standardise(&mut split);
        }
        Ok(Loaded { split, content, not_finite })
    }

    fn paths(&mut self) -> Vec<&mut PathBuf> {
        self.all_paths()
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), DataError> {
        if self.keys().contains(&key) {
            return self.set_own(key, value);
        }
        let (split, standardised) = self.common_mut();
        match key {
            "standardise" => *standardised = yes_or_no("standardise", value)?,
            "validation" => split.validation = Some(part(value)),
            "test" => split.test = Some(part(value)),
            "stratified" => split.stratified = yes_or_no("stratified", value)?,
            "seed" => {
                let seed = value.parse();
                let seed = seed.map_err(|_| DataError::setting("seed", value, "a whole number from 0 up"))?;
                split.seed = Some(seed);
            }
            _ => return Err(DataError::unknown_key(key, S::NAME, &[self.keys(), &COMMON_KEYS].concat())),
        }
        Ok(())
    }
}

/// `true` or `yes`, `false` or `no`.
pub fn yes_or_no(name: &'static str, value: &str) -> Result<bool, DataError> {
    match value {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        _ => Err(DataError::setting(name, value, "true or false")),
    }
}

fn part(value: &str) -> Part {
    value.parse().map_or_else(|_| Part::File(value.into()), Part::Share)
}

fn facts<S: FileSource>(source: &S, folders: &Folders) -> Result<Facts, DataError> {
    let key = format!("{} {source:?}", S::NAME);
    folders.facts_once(key, &source.files()?, || {
        let sets = read_checked(source)?;
        Ok(Facts { about: sets.about(source.common().0), content: sets.content })
    })
}

fn read_checked<S: FileSource>(source: &S) -> Result<FileSets, DataError> {
    Source::check(source)?;
    let sets = source.read()?;
    sets.check(source.common().0)?;
    Ok(sets)
}
