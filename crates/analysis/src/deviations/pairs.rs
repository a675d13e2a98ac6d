//! Which classes are compared.

use serde::{Deserialize, Serialize};

/// Which class means are compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassPairs {
    /// Class c with c + 1, for classes in an order (eq. 6.3, over the N − 1 pairs there are).
    Adjacent,
    /// Each class with each other.
    All,
}
