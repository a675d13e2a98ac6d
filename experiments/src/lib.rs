//! What the program `vitrine` does, as a library: its commands, and the studies of the thesis.
//!
//! Recipes are trained into a zoo of networks; studies read the zoo, measure, and state findings; figures and tables are
//! drawn from findings.
//!
//! ```
//! use vitrine::thesis::{PAPER, SECTIONS};
//! let table = vitrine_lab::find(&SECTIONS, &["table3.4".into()]).unwrap();
//! assert_eq!(table[0].about().id, "3.4-cnn");
//! assert_eq!(PAPER.register.claims.len(), 17);
//! ```

pub mod cli;
pub mod embed;
pub mod thesis;
