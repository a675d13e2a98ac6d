//! What the user sees of training: a bar per running network and one for the whole on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use vitrine_model::EpochRecord;

use crate::recipe::Recipe;
use crate::terminal;

/// Progress over all networks of one call.
pub struct Progress {
    bars: Option<MultiProgress>,
    whole: ProgressBar,
}

/// Progress of one network in training.
pub struct NetworkBar {
    bar: ProgressBar,
    max_epochs: usize,
    started: Instant,
}

impl Progress {
    pub fn new(n_networks: usize) -> Progress {
        let on_terminal = std::io::stderr().is_terminal() && !terminal::is_quiet();
        let bars = on_terminal.then(MultiProgress::new);
        let whole = match &bars {
            Some(bars) => bars.add(ProgressBar::new(n_networks as u64)),
            None => ProgressBar::hidden(),
        };
        whole.set_length(n_networks as u64);
        whole.set_style(style("{bar:30.green} {pos}/{len} networks, {elapsed} gone, {eta} to go"));
        whole.enable_steady_tick(Duration::from_secs(1));
        if bars.is_none() {
            terminal::note(&format!("training {n_networks} networks"));
        }
        Progress { bars, whole }
    }

    pub fn start(&self, recipe: &Recipe) -> NetworkBar {
        let max_epochs = recipe.training.max_epochs;
        let bar = match &self.bars {
            Some(bars) => bars.insert_before(&self.whole, ProgressBar::new(max_epochs as u64)),
            None => ProgressBar::hidden(),
        };
        bar.set_style(style("{bar:30.cyan} epoch {pos:>4}/{len} {prefix} {msg}"));
        bar.set_prefix(format!("{} seed {}", recipe.network, recipe.seed));
        NetworkBar { bar, max_epochs, started: Instant::now() }
    }

    /// A network is there: trained with its bar, best epoch and seconds, or loaded.
    pub fn network_done(&self, recipe: &Recipe, trained: Option<(&NetworkBar, usize, f64)>) {
        self.whole.inc(1);
        if let Some((bar, best_epoch, seconds)) = trained {
            bar.bar.finish_and_clear();
            if self.bars.is_none() {
                terminal::note(&format!(
                    "[{}/{}] {} seed {}: best epoch {best_epoch}, {seconds:.1} s",
                    self.whole.position(),
                    self.whole.length().unwrap_or(0),
                    recipe.network,
                    recipe.seed
                ));
            }
        }
    }

    pub fn finish(&self) {
        self.whole.finish_and_clear();
    }
}

impl NetworkBar {
    pub fn epoch(&self, record: &EpochRecord) {
        self.bar.set_position(record.epoch.min(self.max_epochs) as u64);
        let validation = record.validation_loss.map_or(String::new(), |v| format!(", validation {v:.4}"));
        let seconds = self.started.elapsed().as_secs_f64();
        self.bar.set_message(format!("loss {:.4}{validation}, {seconds:.0} s", record.train_loss));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
