#![doc = include_str!("../README.md")]

mod bitmap;
mod canvas;
mod colour_bar;
mod colour_map;
mod export;
mod frame;
mod heat_map;
mod histogram;
mod lines;
mod network_diagram;
mod picture;
mod position;
mod scatter;
mod signal_panels;
mod signals;
mod sketch;
mod stems;
mod style;

pub use canvas::{DrawResult, Drawing, FigureError};
pub use colour_map::{ColourMap, class_colour, kind_colour};
pub use export::{Export, Format, Medium};
pub use heat_map::{HeatMap, HeatMaps};
pub use histogram::Histograms;
pub use lines::{LineChart, Panel, Series};
pub use network_diagram::{Column, NetworkDiagram};
pub use picture::Picture;
pub use position::edge_before;
pub use scatter::{Classes, Scatter, Scatters};
pub use signal_panels::{SignalPanel, SignalPanels};
pub use signals::{Signal, SignalGrid};
pub use sketch::{Mark, Sketch, SketchPanel, Stroke};
pub use stems::{StemChart, Stems};
pub use style::{Style, categorical};
