//! Which code findings and figures rest on, so that a changed formula measures again and a changed drawing draws again.

use std::sync::LazyLock;

/// The names of the code behind a study: equal names, equal code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// All that decides what it finds.
    pub measures: String,
    /// All that decides how it is tested, drawn and tabulated.
    pub draws: String,
}

impl Code {
    /// The running program by its content: any change of it measures and draws again. Where it cannot be read, by its
    /// version.
    pub fn of_program() -> Code {
        static PROGRAM: LazyLock<String> = LazyLock::new(|| {
            let bytes = std::env::current_exe().and_then(std::fs::read);
            bytes.map_or(env!("CARGO_PKG_VERSION").into(), |b| blake3::hash(&b).to_hex().to_string())
        });
        Code { measures: PROGRAM.clone(), draws: PROGRAM.clone() }
    }
}
