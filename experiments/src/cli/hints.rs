//! What libraries cannot say of an error: the option or command that would help.

use vitrine_data::{DataError, mnist};

/// The error in one line, with the option or command that would help where there is one.
pub fn explained(error: &anyhow::Error) -> String {
    let hint = match error.chain().find_map(|cause| cause.downcast_ref()) {
        Some(DataError::NoFolder { data: mnist::NAME }) => {
            ": name it with --mnist DIR or the environment variable VITRINE_MNIST"
        }
        Some(DataError::Missing { data: mnist::NAME, .. }) => {
            "; `vitrine data mnist --dir DIR --fetch` downloads the files"
        }
        _ => "",
    };
    format!("{error:#}{hint}")
}
