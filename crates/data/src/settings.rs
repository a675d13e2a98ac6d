//! Data by its settings: which source, how large, how corrupted.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::corruption::Corruption;
use crate::error::DataError;
use crate::folders::Folders;
use crate::source::{Loaded, Source};
use crate::sources::AnySource;
use crate::split::Split;
use crate::streams::Streams;

/// Which data a network is trained on: the table `[data]` of a recipe.
///
/// The settings of the source stand in it beside its `kind`, then what is common to all sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSettings {
    /// Where the data come from. It takes every field that is none of the others, and refuses those it does not know.
    #[serde(flatten)]
    pub source: AnySource,
    /// The content that the source's files must have, 64 hexadecimal digits; of a source without files there is none.
    /// Files decide what a network learns as its settings do, so a recipe states their content before it is hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What is done to the training samples.
    #[serde(default)]
    pub corruption: Corruption,
}

impl<S: Into<AnySource>> From<S> for DataSettings {
    fn from(source: S) -> DataSettings {
        DataSettings::new(source.into())
    }
}

impl DataSettings {
    /// The data of a source as they are: of whatever content, nothing corrupted.
    pub fn new(source: AnySource) -> DataSettings {
        DataSettings { source, content: None, corruption: Corruption::None }
    }

    /// The same with the training samples corrupted.
    pub fn with_corruption(self, corruption: Corruption) -> DataSettings {
        DataSettings { corruption, ..self }
    }

    /// The same with the content of the source's files written down, if it was not.
    ///
    /// # Errors
    /// A folder that is not given, files that are missing or cannot be read.
    pub fn with_content(&self, folders: &Folders) -> Result<DataSettings, DataError> {
        let content = match &self.content {
            Some(content) => Some(content.clone()),
            None => self.source().content(folders)?,
        };
        Ok(DataSettings { content, ..self.clone() })
    }

    /// Draws or reads the sets, and corrupts the training set where asked.
    ///
    /// # Errors
    /// Settings out of range, whatever is wrong with the files of the source in its folder, values in them that are no
    /// finite numbers, and files whose content is another than the one written down.
    pub fn load(&self, streams: &Streams, folders: &Folders) -> Result<Split, DataError> {
        let Loaded { split, not_finite, .. } = self.load_as_it_is(streams, folders)?;
        match not_finite.into_iter().next() {
            Some(first) => Err(DataError::NotFinite { first }),
            None => Ok(split),
        }
    }

    /// The same, with what in files is no finite number, as the source gave it.
    ///
    /// # Errors
    /// As of [`load`](DataSettings::load).
    pub fn load_as_it_is(&self, streams: &Streams, folders: &Folders) -> Result<Loaded, DataError> {
        self.check()?;
        let mut loaded = self.source().load(streams, folders)?;
        if self.content.is_some() && self.content != loaded.content {
            let [found, recorded] =
                [loaded.content, self.content.clone()].map(|c| c.unwrap_or("none".into()));
            return Err(DataError::Content { data: self.source().name(), found, recorded });
        }
        if self.corruption.is_of_labels() && !loaded.split.train.is_labelled() {
            return Err(DataError::Unlabelled { data: self.source().name() });
        }
        self.corruption.apply(&mut loaded.split, streams);
        Ok(loaded)
    }

    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), DataError> {
        self.corruption.check()?;
        self.source().check()
    }

    /// The name of the source.
    pub fn name(&self) -> &'static str {
        self.source().name()
    }

    /// Shape and sizes of the data. Files are read for it, once until they change.
    ///
    /// # Errors
    /// Whatever is wrong with the files that must be read for it.
    pub fn about(&self, folders: &Folders) -> Result<About, DataError> {
        self.source().about(folders)
    }

    /// The same with paths that are relative ones read from `folder`, and made absolute.
    ///
    /// # Errors
    /// A folder whose path is no text, or cannot be known.
    pub fn in_folder(mut self, folder: &Path) -> Result<DataSettings, DataError> {
        for path in self.source.as_source_mut().paths().into_iter().filter(|path| path.is_relative()) {
            // An empty path names nothing, and is told as that.
            if path.as_os_str().is_empty() {
                continue;
            }
            let whole = folder.join(&*path);
            let whole = std::path::absolute(&whole).map_err(|error| DataError::io(&whole, error))?;
            if whole.to_str().is_none() {
                return Err(DataError::bad(
                    &whole,
                    "its path is no text in UTF-8, which a recipe could not keep",
                ));
            }
            *path = whole;
        }
        Ok(self)
    }

    /// The same with nothing in the place of paths: where files are decides nothing, but what is in them, which is
    /// [`content`](DataSettings::content).
    pub fn without_paths(mut self) -> DataSettings {
        self.source.as_source_mut().paths().into_iter().for_each(|path| *path = PathBuf::new());
        self
    }

    /// The same with a setting of the source changed, as the [short form](DataSettings::from_short) names it.
    ///
    /// # Errors
    /// A setting that there is not, or a value that is none of it.
    pub fn with(mut self, key: &str, value: &str) -> Result<DataSettings, DataError> {
        self.source.as_source_mut().set(key, value)?;
        Ok(self)
    }

    fn source(&self) -> &dyn Source {
        self.source.as_source()
    }
}

#[cfg(test)]
mod tests;
