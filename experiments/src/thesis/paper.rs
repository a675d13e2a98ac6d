//! What the thesis is called, shows, says and claims: the paper that the bench is handed, from `paper.toml`.

use std::sync::LazyLock;

use vitrine_lab::{Commands, Paper};

/// The thesis as the bench knows it.
pub static PAPER: LazyLock<Paper> = LazyLock::new(|| {
    let paper: Paper = toml::from_str(include_str!("paper.toml"))
        .unwrap_or_else(|e| unreachable!("paper.toml is part of the program: {e}"));
    let commands = Commands {
        run: "vitrine reproduce".into(),
        preset: "--preset".into(),
        verify: "vitrine verify".into(),
        change: "<code>--set KEY=VALUE</code> changes a setting, <code>--seeds N</code> the number of seeds."
            .into(),
        generator: concat!("vitrine ", env!("CARGO_PKG_VERSION")).into(),
    };
    Paper { commands, ..paper }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thesis_has_seventeen_claims_and_captions_for_parts_and_variants() {
        let shows = |name: &str| PAPER.figure(name).map(|f| f.shows.clone());
        assert_eq!(PAPER.claim_ids().len(), 17);
        assert_eq!(shows("3.13a"), shows("3.13"));
        assert_ne!(shows("4.14-linear"), shows("4.14"), "a variant with a caption of its own");
        assert!(shows("3.1").is_some() && shows("9.1").is_none());
        assert_eq!(shows("2.8"), None, "a figure of ours borrows no number of the thesis'");
    }
}
