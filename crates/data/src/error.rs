//! What can be wrong with data from outside.

use std::io;
use std::path::{Path, PathBuf};

use crate::not_finite::NotFinite;

/// An error in a data file or a data setting.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file or folder cannot be opened, read or made.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said; part of the message, so not a source of its own.
        reason: io::Error,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written ({reason})", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said; part of the message, so not a source of its own.
        reason: io::Error,
    },
    /// A link below a folder of results.
    #[error("{}: is a link; a folder of results is read and written where it is, and never through links in it", path.display())]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// A name that leads out of a folder of results.
    #[error("{}: leads out of its folder", path.display())]
    Outside {
        /// Where it leads.
        path: PathBuf,
    },
    /// A folder, pipe or device in the place of a file.
    #[error("{}: {found}, where a file is wanted", path.display())]
    NotRegular {
        /// Its path.
        path: PathBuf,
        /// What is there.
        found: &'static str,
    },
    /// A file that is longer than any of its kind should be.
    #[error("{}: longer than {max_bytes} bytes, and no such file should be", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Bytes that it may have.
        max_bytes: u64,
    },
    /// A file of a data set is not there, gzipped or not.
    #[error("{}: not found, neither plain nor as .gz", path.display())]
    Missing {
        /// The source that reads it, by its name.
        data: &'static str,
        /// The plain file.
        path: PathBuf,
    },
    /// A `.gz` file is not in gzip format, or damaged.
    #[error("{}: not a sound gzip file ({reason})", path.display())]
    Gzip {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: String,
    },
    /// The first four bytes are not those of the IDX file wanted.
    #[error("{}: starts with {found:#010x}; {what} in IDX format start with {expected:#010x}", path.display())]
    Magic {
        /// The file.
        path: PathBuf,
        /// `images` or `labels`.
        what: &'static str,
        /// The magic number of such files.
        expected: u32,
        /// What is there.
        found: u32,
    },
    /// The file ends within its header.
    #[error("{}: {found} bytes are too few for the header of a file of {what} in IDX format", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// `images` or `labels`.
        what: &'static str,
        /// Bytes found.
        found: usize,
    },
    /// There is more than the header says.
    #[error("{}: its header promises {expected} bytes, and there are more", path.display())]
    Longer {
        /// The file.
        path: PathBuf,
        /// Bytes that the header implies.
        expected: u64,
    },
    /// The file is shorter than its header says.
    #[error("{}: its header promises {expected} bytes, but there are {found}", path.display())]
    Shorter {
        /// The file.
        path: PathBuf,
        /// Bytes that the header implies.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// Images that are not 28 × 28.
    #[error("{}: images of {rows} × {columns} pixels, where MNIST has 28 × 28", path.display())]
    ImageSize {
        /// The file.
        path: PathBuf,
        /// Rows of an image.
        rows: u32,
        /// Columns of an image.
        columns: u32,
    },
    /// Unlike numbers of images and labels.
    #[error("{}: {n_labels} labels for {n_images} images of {}", labels.display(), images.display())]
    CountMismatch {
        /// The file of images.
        images: PathBuf,
        /// The file of labels.
        labels: PathBuf,
        /// Images found.
        n_images: usize,
        /// Labels found.
        n_labels: usize,
    },
    /// A label that is no digit.
    #[error("{}: label {label} of sample {sample}, where MNIST has 0 to 9", path.display())]
    Label {
        /// The file.
        path: PathBuf,
        /// The sample, from 0.
        sample: usize,
        /// The label found.
        label: u8,
    },
    /// No mirror gave the file.
    #[error(
        "{name}: no mirror could be reached or gave the right file ({reasons}); put the files into the folder by hand"
    )]
    Download {
        /// The file.
        name: String,
        /// What each mirror answered.
        reasons: String,
    },
    /// A source reads files, but their folder is not given.
    #[error("no folder is given for the source {data}")]
    NoFolder {
        /// The source, by its name.
        data: &'static str,
    },
    /// The files of a source are others than those that a recipe was made for.
    #[error("{data}: content is {found}, the recipe was made for {recorded}")]
    Content {
        /// The source, by its name.
        data: &'static str,
        /// The content of its files.
        found: String,
        /// The content that the recipe states.
        recorded: String,
    },
    /// A file that is not what it should be, or holds what cannot be taken.
    #[error("{}: {wrong}", path.display())]
    Bad {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it, and what would be right.
        wrong: String,
    },
    /// A place in a file of text that is not what it should be.
    #[error("{}: line {line}{}: {wrong}", path.display(), column.as_ref().map_or(String::new(), |c| format!(", column {c}")))]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The column, by its name or its number from 1.
        column: Option<String>,
        /// What is wrong with it, and what would be right.
        wrong: String,
    },
    /// Files of one set of data that are not alike.
    #[error("{}: {what}: {here}, but {there} in {}", path.display(), other.display())]
    Unlike {
        /// The file.
        path: PathBuf,
        /// The other file.
        other: PathBuf,
        /// What differs.
        what: &'static str,
        /// What it is in the file.
        here: String,
        /// What it is in the other.
        there: String,
    },
    /// A value that is no finite number, where one is needed.
    #[error("{first}; networks take finite numbers alone")]
    NotFinite {
        /// Where it is.
        first: NotFinite,
    },
    /// Samples without labels, where labels are needed.
    #[error("the data ({data}) have no labels, which training needs")]
    Unlabelled {
        /// The source, by its name.
        data: &'static str,
    },
    /// Data in short form that cannot be understood.
    #[error("{wrong}")]
    ShortForm {
        /// What is wrong, and what would be right.
        wrong: String,
    },
    /// A setting out of its range.
    #[error("{name} = {value}: {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        expected: String,
    },
}

impl DataError {
    /// An error of the system at that path.
    pub(crate) fn io(path: &Path, reason: io::Error) -> DataError {
        DataError::Io { path: path.into(), reason }
    }

    pub(crate) fn bad(path: &Path, wrong: impl Into<String>) -> DataError {
        DataError::Bad { path: path.into(), wrong: wrong.into() }
    }

    /// A line of a file of text, and the column where that is known.
    pub(crate) fn line(
        path: &Path,
        line: u64,
        column: Option<String>,
        wrong: impl Into<String>,
    ) -> DataError {
        DataError::Line { path: path.into(), line, column, wrong: wrong.into() }
    }

    /// A setting that the source `data` does not have in its short form.
    pub(crate) fn unknown_key(key: &str, data: &str, known: &[&str]) -> DataError {
        let wrong = match known {
            [] => format!("{data} has no setting `{key}` here: its settings are those of a recipe"),
            _ => format!("{data} has no setting `{key}`; it has {}", known.join(", ")),
        };
        DataError::ShortForm { wrong }
    }

    /// Whether what was asked for is wrong, and not what was found.
    pub fn is_slip(&self) -> bool {
        matches!(self, DataError::Setting { .. } | DataError::ShortForm { .. } | DataError::Unlabelled { .. })
    }

    pub(crate) fn setting(
        name: &'static str,
        value: impl ToString,
        expected: impl Into<String>,
    ) -> DataError {
        DataError::Setting { name, value: value.to_string(), expected: expected.into() }
    }
}
