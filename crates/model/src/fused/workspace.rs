//! Room for what layers need on the way.

use crate::kernels::aligned::Aligned;

/// Buffers that grow to what the largest layer needs, and stay.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The right matrix of a product.
    pub panels: Aligned,
    /// A block of samples with zeros around its images.
    pub padded: Aligned,
    /// A block of samples that lie side by side here and in rows elsewhere.
    pub block: Aligned,
}
