//! "Towards Explaining Neural Networks" (Y. Chen, Utrecht University / CWI, 2017), made again: a folder for each
//! chapter, a file for each section.

mod ch3;
mod ch4;
mod ch5;
mod ch6;
mod ch7;
pub mod code;
mod context;
mod contexts;
mod detector;
mod extremes;
mod floor;
mod layers;
mod networks;
mod paper;
mod plan;
mod printed;
mod rows;
pub mod sections;
mod seeds;
mod settings;

pub use context::{Context, Section};
pub use contexts::Contexts;
pub use paper::PAPER;
pub use plan::Plan;
pub use sections::SECTIONS;
pub use settings::Settings;
