//! A panic within a study as an error of that study: in its code, or from findings that are none of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` returns, or an error with what its panic said.
pub fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Err(anyhow::anyhow!("panicked: {said}"))
    })
}
