//! Arrays in, drawings out: one file per kind of picture, one style for all.

mod canvas;
mod frame;
mod histogram;
mod lines;
mod signals;
mod style;

pub use canvas::{Drawing, FigureError, Picture};
pub use histogram::Histograms;
pub use lines::{LineChart, Panel, Series};
pub use signals::SignalGrid;
pub use style::{Style, categorical};

/// What drawing returns: plotters' error of the backend drawn on.
pub type DrawResult<B> =
    Result<(), plotters::drawing::DrawingAreaErrorKind<<B as plotters::prelude::DrawingBackend>::ErrorType>>;
