//! The readers by name, for fuzz targets of one line each.

#[path = "../tests/attack/readers/mod.rs"]
mod readers;

thread_local! {
    static SCRATCH: tempfile::TempDir = tempfile::tempdir().expect("a temporary folder");
}

/// Reads bytes as a file of that kind.
///
/// # Panics
/// If there is no such kind, and where the reader does: that is what the fuzzer looks for.
pub fn read(kind: &str, bytes: &[u8]) {
    let reader = readers::READERS.iter().find(|reader| reader.name == kind).expect("a kind of file");
    SCRATCH.with(|scratch| (reader.read)(scratch.path(), bytes));
}
