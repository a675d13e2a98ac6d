//! Data by its settings: which source, how large, how corrupted.

use serde::{Deserialize, Serialize};

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
    /// Settings out of range, whatever is wrong with the files of the source in its folder, and files whose content is
    /// another than the one written down.
    pub fn load(&self, streams: &Streams, folders: &Folders) -> Result<Split, DataError> {
        self.check()?;
        let Loaded { mut split, content } = self.source().load(streams, folders)?;
        if self.content.is_some() && self.content != content {
            let [found, recorded] = [content, self.content.clone()].map(|c| c.unwrap_or("none".into()));
            return Err(DataError::Content { data: self.source().name(), found, recorded });
        }
        self.corruption.apply(&mut split, streams);
        Ok(split)
    }

    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), DataError> {
        if self.n_train() == 0 {
            return Err(DataError::setting("n_train", 0, "at least one training sample is needed"));
        }
        self.corruption.check()?;
        self.source().check()
    }

    /// The name of the source.
    pub fn name(&self) -> &'static str {
        self.source().name()
    }

    /// Number of training samples.
    pub fn n_train(&self) -> usize {
        self.source().n_train()
    }

    /// Number of samples that are made for the three sets; a source of files makes none.
    pub fn n_made(&self) -> usize {
        self.source().n_made()
    }

    /// The shape of a sample.
    pub fn feature_shape(&self) -> Vec<usize> {
        self.source().feature_shape()
    }

    /// Number of features of a sample: the product of their shape.
    pub fn n_features(&self) -> usize {
        self.feature_shape().iter().product()
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.source().n_classes()
    }

    fn source(&self) -> &dyn Source {
        self.source.as_source()
    }
}

#[cfg(test)]
mod tests;
