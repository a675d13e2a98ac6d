//! Engines by name.

use std::fmt;
use std::str::FromStr;

/// What does the arithmetic of training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// `fused` on the processor where it knows the graph, else `general`.
    #[default]
    Auto,
    /// Hand-written backpropagation on the processor, for chains of layers.
    Fused,
    /// burn's automatic differentiation, for any graph on any device; `autodiff` is another word for it.
    General,
}

impl FromStr for EngineChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<EngineChoice, String> {
        match text {
            "auto" => Ok(EngineChoice::Auto),
            "fused" => Ok(EngineChoice::Fused),
            "general" | "autodiff" => Ok(EngineChoice::General),
            _ => Err(format!("no engine `{text}`; there are auto, fused, general")),
        }
    }
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EngineChoice::Auto => "auto",
            EngineChoice::Fused => "fused",
            EngineChoice::General => "general",
        })
    }
}
