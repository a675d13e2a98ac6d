//! Data in one word: `jump`, `iris.csv`, `digits.csv,label=class`, `x.npy,y.npy`.

use std::path::{Path, PathBuf};

use crate::error::DataError;
use crate::read::idx_family::is_family;
use crate::read::shown::shown;
use crate::settings::DataSettings;
use crate::sources::{
    AnySource, ArraysSource, IdxSource, ImagesSource, JumpSource, MnistSource, SeriesSource, TableSource,
};

/// What can stand first.
const FORMS: &str = "jump, mnist, a table (.csv, .tsv), arrays (.npy, .npz, .safetensors), series (.ts, _TRAIN.tsv), \
                     a folder of images or of IDX files, or a recipe (.toml)";

impl DataSettings {
    /// Data as a command line names them: `jump` or `mnist`, or a path, whose ending or content tells what it is; then, with
    /// commas between them, settings of the source as `label=class`, or the file of the labels, as in `x.npy,y.npy`. Where the
    /// path tells nothing, `kind=series` does.
    ///
    /// ```
    /// # use vitrine_data::DataSettings;
    /// let data = DataSettings::from_short("digits.csv,label=class,standardise=true,test=0.25,seed=0")?;
    /// assert_eq!(data.name(), "table");
    /// let error = DataSettings::from_short("digits.csv,labl=class").unwrap_err().to_string();
    /// assert!(error.starts_with("table has no setting `labl`; it has label, header, delimiter, standardise"));
    /// # Ok::<(), vitrine_data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// A form that there is not, and settings that the source does not have.
    pub fn from_short(text: &str) -> Result<DataSettings, DataError> {
        // A path may have commas in it.
        let (first, rest) = match text.split_once(',') {
            Some((first, rest)) if !Path::new(text).exists() => (first, rest),
            _ => (text, ""),
        };
        let pieces: Vec<&str> = rest.split(',').filter(|piece| !piece.is_empty()).collect();
        let kind = pieces.iter().find_map(|piece| piece.strip_prefix("kind="));
        let mut source = match kind {
            Some(kind) => of_kind(kind, PathBuf::from(first))?,
            None => source(first)?,
        };
        let mut settings = Vec::new();
        for (k, piece) in pieces.into_iter().enumerate() {
            match (piece.split_once('='), &mut source) {
                (Some(("kind", _)), _) => {}
                (Some(setting), _) => settings.push(setting),
                (None, AnySource::Arrays(arrays)) if k == 0 => arrays.labels = Some(PathBuf::from(piece)),
                (None, _) => {
                    let wrong =
                        format!("{}: after the first comma stand settings, as in label=class", shown(piece));
                    return Err(DataError::ShortForm { wrong });
                }
            }
        }
        let data = DataSettings::new(source);
        settings.into_iter().try_fold(data, |data, (key, value)| data.with(key, value))
    }
}

/// A source of that kind with that path.
fn of_kind(kind: &str, path: PathBuf) -> Result<AnySource, DataError> {
    Ok(match kind {
        "table" => TableSource { path, ..TableSource::default() }.into(),
        "arrays" => ArraysSource { path, ..ArraysSource::default() }.into(),
        "series" => SeriesSource { path, ..SeriesSource::default() }.into(),
        "idx" => IdxSource { path, ..IdxSource::default() }.into(),
        "images" => ImagesSource { path, ..ImagesSource::default() }.into(),
        _ => {
            let right = "table, arrays, series, idx or images";
            return Err(DataError::setting("kind", kind.escape_debug(), right));
        }
    })
}

/// The source that a word or a path names.
fn source(first: &str) -> Result<AnySource, DataError> {
    let path = PathBuf::from(first);
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let is_of_archive = stem.ends_with("_TRAIN") || stem.ends_with("_TEST");
    match (first, ending.as_str()) {
        ("jump", _) => Ok(JumpSource::default().into()),
        ("mnist", _) => Ok(MnistSource::default().into()),
        _ if path.is_dir() => of_kind(if is_family(&path) { "idx" } else { "images" }, path),
        (_, "tsv" | "txt") if is_of_archive => of_kind("series", path),
        (_, "csv" | "tsv" | "txt" | "data") => of_kind("table", path),
        (_, "npy" | "npz" | "safetensors") => of_kind("arrays", path),
        (_, "ts") => of_kind("series", path),
        _ => Err(unknown(first, &path)),
    }
}

fn unknown(first: &str, path: &Path) -> DataError {
    let what = match path.metadata() {
        Ok(_) => "is of no kind that is read",
        Err(_) => "is no data that are known, and no file of that name is there",
    };
    DataError::ShortForm { wrong: format!("{} {what}; data are {FORMS}", shown(first)) }
}
