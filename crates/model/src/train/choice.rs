//! Engines by name.

use std::fmt;
use std::str::FromStr;

/// What does the arithmetic of training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// `fused` on the CPU, `autodiff` elsewhere.
    #[default]
    Auto,
    /// Hand-written backpropagation on the CPU.
    Fused,
    /// burn's automatic differentiation, on any device.
    Autodiff,
}

impl FromStr for EngineChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<EngineChoice, String> {
        match text {
            "auto" => Ok(EngineChoice::Auto),
            "fused" => Ok(EngineChoice::Fused),
            "autodiff" => Ok(EngineChoice::Autodiff),
            _ => Err(format!("no engine `{text}`; there are auto, fused, autodiff")),
        }
    }
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EngineChoice::Auto => "auto",
            EngineChoice::Fused => "fused",
            EngineChoice::Autodiff => "autodiff",
        })
    }
}
