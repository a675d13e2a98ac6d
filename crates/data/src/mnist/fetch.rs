//! The four files from public mirrors, each checked before it appears in the folder.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::{FILES, Original, md5_of, read_file, unpack};
use crate::DataError;

/// Folders on the web that hold the gzipped files.
const MIRRORS: [&str; 2] = [
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
];

/// Longest wait for a mirror to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Downloads into `dir` what is not there, telling `report` about each file.
///
/// A file appears under its name only after its content has the original's checksum; what is there is kept.
///
/// # Errors
/// When no mirror gives the right file, with what each answered, and when `dir` cannot be written.
pub fn fetch(dir: &Path, report: &mut dyn FnMut(&str)) -> Result<(), DataError> {
    std::fs::create_dir_all(dir).map_err(|source| DataError::Io {
        path: dir.into(),
        source,
    })?;
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .build()
        .new_agent();
    for original in FILES {
        if let Ok((path, _)) = read_file(dir, original.name) {
            report(&format!("{}: already there", path.display()));
            continue;
        }
        let packed = download(&agent, original)?;
        let path = dir.join(format!("{}.gz", original.name));
        place(dir, &path, &packed).map_err(|source| DataError::Io {
            path: path.clone(),
            source,
        })?;
        report(&format!("{}: downloaded, checksum right", path.display()));
    }
    Ok(())
}

/// The gzipped file from the first mirror that has it.
fn download(agent: &ureq::Agent, original: Original) -> Result<Vec<u8>, DataError> {
    let mut reasons = Vec::new();
    for mirror in MIRRORS {
        let answer = agent.get(format!("{mirror}/{}.gz", original.name)).call();
        let bytes =
            answer.and_then(|mut response| response.body_mut().with_config().limit(1 << 26).read_to_vec());
        match bytes {
            Ok(bytes) if unpack(&bytes).is_ok_and(|content| md5_of(&content) == original.md5) => {
                return Ok(bytes);
            }
            Ok(_) => reasons.push(format!("{mirror}: another file than the original")),
            Err(error) => reasons.push(format!("{mirror}: {error}")),
        }
    }
    Err(DataError::Download {
        name: original.name.into(),
        reasons: reasons.join("; "),
    })
}

fn place(dir: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
