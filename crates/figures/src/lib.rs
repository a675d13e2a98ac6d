//! Arrays in, drawings out: one file per kind of picture, one style for all.

mod canvas;
mod colour_bar;
mod colour_map;
mod export;
mod frame;
mod heat_map;
mod histogram;
mod lines;
mod network_diagram;
mod scatter;
mod signal_panels;
mod signals;
mod sketch;
mod stems;
mod style;

pub use canvas::{Drawing, FigureError, Picture};
pub use colour_map::{ColourMap, class_colour, kind_colour};
pub use export::{Export, Format, Medium};
pub use heat_map::{HeatMap, HeatMaps};
pub use histogram::Histograms;
pub use lines::{LineChart, Panel, Series};
pub use network_diagram::{Column, NetworkDiagram};
pub use scatter::{Classes, Scatter, Scatters};
pub use signal_panels::{SignalPanel, SignalPanels};
pub use signals::SignalGrid;
pub use sketch::{Mark, Sketch, SketchPanel, Stroke};
pub use stems::{StemChart, Stems};
pub use style::{Style, categorical};

/// What drawing returns: plotters' error of the backend drawn on.
pub type DrawResult<B> =
    Result<(), plotters::drawing::DrawingAreaErrorKind<<B as plotters::prelude::DrawingBackend>::ErrorType>>;
