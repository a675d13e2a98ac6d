//! Tests of what the parts do together.

mod forces;
mod meaning;
mod quality;
mod references;
mod support;
