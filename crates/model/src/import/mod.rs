//! Networks from elsewhere.

mod state_dict;

pub use state_dict::{MatchedBy, Matching, StateDict, StateDictError};
