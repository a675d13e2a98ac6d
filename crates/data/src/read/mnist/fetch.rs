//! The four files from public mirrors, each checked before it appears in the folder.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ureq::Agent;

use super::files::{self, FILES, Original, md5_of, read_file};
use crate::error::DataError;
use crate::read::unpack::{packed, unpack};
use crate::tree::Tree;

/// Folders on the web that hold the gzipped files.
const MIRRORS: [&str; 2] =
    ["https://ossci-datasets.s3.amazonaws.com/mnist", "https://storage.googleapis.com/cvdf-datasets/mnist"];

/// Longest wait for a mirror to be reached and to begin its answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest wait for a whole file; the largest has 10 MB.
const DOWNLOAD_TIME: Duration = Duration::from_secs(600);

/// No file of the set is larger, packed: a longer answer is not what was asked for.
const MAX_BYTES: u64 = 1 << 25;

/// Downloads into `dir` what is not there, telling `report` about each file.
///
/// A file appears under its name only once it is whole and its content has the original's checksum. A file
/// that is there is kept, even if it is not the original's (the report says so); only a damaged `.gz` is
/// replaced. The network is reached through the proxy of the usual environment variables, if they are set.
///
/// # Errors
/// When no mirror gives the right file, with what each answered, and when `dir` cannot be written.
pub fn fetch(dir: &Path, report: &mut dyn FnMut(&str)) -> Result<(), DataError> {
    let agent = Agent::config_builder()
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_global(Some(DOWNLOAD_TIME))
        .build()
        .new_agent();
    fs::create_dir_all(dir).map_err(|error| DataError::io(dir, error))?;
    for original in FILES {
        report(&fetch_one(&agent, &MIRRORS, original, dir)?);
    }
    Ok(())
}

/// Fetches one file where it is missing or damaged; a line about what was done.
fn fetch_one(agent: &Agent, mirrors: &[&str], original: Original, dir: &Path) -> Result<String, DataError> {
    match read_file(dir, original) {
        Ok((path, content)) if md5_of(&content) == original.md5 => {
            return Ok(format!("{}: already there", path.display()));
        }
        Ok((path, _)) => {
            return Ok(format!(
                "{}: kept, though it is not the original; remove it to have it downloaded",
                path.display()
            ));
        }
        Err(DataError::Missing { .. }) => {}
        // A plain name goes before a .gz: a download would not be seen beside it.
        Err(DataError::Gzip { path, .. }) if path == packed(dir, original.name) => {}
        Err(other) => return Err(other),
    }
    let bytes = download(agent, mirrors, original)?;
    let path = packed(dir, original.name);
    Tree::at(dir).write_whole(format!("{}.gz", original.name), &bytes)?;
    Ok(format!("{}: downloaded, checksum right", path.display()))
}

/// The gzipped file from the first mirror that has it.
fn download(agent: &Agent, mirrors: &[&str], original: Original) -> Result<Vec<u8>, DataError> {
    let mut reasons = Vec::new();
    for mirror in mirrors {
        match get(agent, &format!("{mirror}/{}.gz", original.name)) {
            Ok(bytes)
                if unpack(&bytes, files::MAX_BYTES).is_ok_and(|content| md5_of(&content) == original.md5) =>
            {
                return Ok(bytes);
            }
            Ok(_) => reasons.push(format!("{mirror}: another file than the original")),
            Err(error) => reasons.push(format!("{mirror}: {error}")),
        }
    }
    Err(DataError::Download { name: original.name.into(), reasons: reasons.join("; ") })
}

fn get(agent: &Agent, url: &str) -> Result<Vec<u8>, ureq::Error> {
    agent.get(url).call()?.body_mut().with_config().limit(MAX_BYTES).read_to_vec()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use crate::read::mnist::tests::gzip;

    const ABC: Original = Original { name: "abc", md5: "900150983cd24fb0d6963f7d28e17f72" };

    /// A mirror on this machine that answers every request with `body`.
    fn mirror(body: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _request = stream.read(&mut [0; 4096]).unwrap();
                let head =
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
            }
        });
        address
    }

    /// An address where nobody listens: the port of a service that is not in use any more.
    const NOWHERE: &str = "http://127.0.0.1:1";

    fn fetch_abc(dir: &Path, mirrors: &[String]) -> Result<String, DataError> {
        let agent = Agent::config_builder().proxy(None).build().new_agent();
        let mirrors: Vec<&str> = mirrors.iter().map(String::as_str).collect();
        fetch_one(&agent, &mirrors, ABC, dir)
    }

    fn names(dir: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        fs::read_dir(dir).unwrap().map(name).collect()
    }

    #[test]
    fn the_next_mirror_is_asked_where_one_is_silent_or_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let mirrors = [NOWHERE.into(), mirror(gzip(b"abd")), mirror(gzip(b"abc"))];
        let line = fetch_abc(dir.path(), &mirrors).unwrap();
        assert!(line.ends_with("abc.gz: downloaded, checksum right"), "{line}");
        assert_eq!(read_file(dir.path(), ABC).unwrap().1, b"abc");
        let again = fetch_abc(dir.path(), &[]).unwrap();
        assert!(again.ends_with("already there"), "{again}");
    }

    #[test]
    fn without_a_mirror_nothing_appears_and_every_reason_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let page = mirror(b"<html>sign in</html>".to_vec());
        let error = fetch_abc(dir.path(), &[NOWHERE.into(), page.clone()]).unwrap_err().to_string();
        assert!(error.starts_with("abc: no mirror"), "{error}");
        assert!(error.contains(NOWHERE) && error.contains(&format!("{page}: another file")), "{error}");
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn a_half_written_file_is_replaced_and_a_foreign_one_kept() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("abc.gz"), &gzip(b"abc")[..15]).unwrap();
        fetch_abc(dir.path(), &[mirror(gzip(b"abc"))]).unwrap();
        assert_eq!(read_file(dir.path(), ABC).unwrap().1, b"abc");

        fs::write(dir.path().join("abc"), b"mine").unwrap();
        let line = fetch_abc(dir.path(), &[]).unwrap();
        assert!(line.contains("kept, though it is not the original"), "{line}");
        assert_eq!(fs::read(dir.path().join("abc")).unwrap(), b"mine");
    }
}
