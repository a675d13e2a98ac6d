//! What the user sees of long work: a bar per running network and one for the whole on a terminal, plain lines elsewhere.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use vitrine_data::Folders;
use vitrine_lab::numbers::duration;
use vitrine_lab::{Recipe, Step, Unwatched, Watch, WatchNetwork};
use vitrine_model::EpochRecord;

use super::terminal;

/// Progress of training and of other long work.
#[derive(Default)]
pub struct Progress {
    /// What is known of the files of data, whose size is a part of the work.
    folders: Folders,
    /// The call to train that is under way.
    training: Mutex<Option<Training>>,
    /// Bars of other work, by its name.
    others: Mutex<HashMap<String, ProgressBar>>,
}

impl Progress {
    /// Progress of work on data that these folders hold.
    pub fn new(folders: &Folders) -> Progress {
        Progress { folders: folders.clone(), ..Progress::default() }
    }
}

/// Progress over all networks of one call.
#[derive(Clone)]
struct Training {
    bars: Option<MultiProgress>,
    whole: ProgressBar,
    effort: Arc<Mutex<Effort>>,
}

/// Progress of one network in training.
struct NetworkBar {
    bar: ProgressBar,
    training: Training,
    name: String,
    max_epochs: usize,
    cost: f64,
    started: Instant,
    /// Epochs done here and now, without those of a run that was stopped.
    first_and_last: Mutex<Option<(usize, usize)>>,
    is_trained: AtomicBool,
}

/// Work done and left, in the unit of [`Recipe::cost`].
#[derive(Debug)]
struct Effort {
    started: Instant,
    n_networks: usize,
    n_done: usize,
    n_running: usize,
    /// If every network that is not done ran to its last epoch.
    unfinished: f64,
    /// Spent on those that are running.
    running: f64,
    /// Spent on those that are done, and what it would have been to their last epoch.
    done: (f64, f64),
}

impl Effort {
    /// Seconds until all are done, if the rest stops as early as those that are done; `None` before there is a rate.
    fn to_go(&self, elapsed: f64) -> Option<f64> {
        let (spent, at_most) = self.done;
        let share = if 0.0 < at_most { spent / at_most } else { 1.0 };
        let rate = (spent + self.running) / elapsed;
        (0.0 < rate).then(|| (share * self.unfinished - self.running).max(0.0) / rate)
    }

    fn line(&self) -> String {
        let waiting = self.n_networks - self.n_done - self.n_running;
        let to_go = match self.to_go(self.started.elapsed().as_secs_f64()) {
            Some(seconds) if self.n_done < self.n_networks => format!(", about {} to go", duration(seconds)),
            _ => String::new(),
        };
        format!("{} running, {waiting} left{to_go}", self.n_running)
    }
}

/// The lock, whoever panicked before.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn named(recipe: &Recipe) -> String {
    format!("{} seed {}", recipe.network, recipe.seed)
}

impl Watch for Progress {
    fn begin(&self, recipes: &[&Recipe]) {
        let n_networks = recipes.len();
        let bars = terminal::shows_bars().then(MultiProgress::new);
        let whole = match &bars {
            Some(bars) => bars.add(ProgressBar::new(n_networks as u64)),
            None => ProgressBar::hidden(),
        };
        whole.set_length(n_networks as u64);
        whole.set_style(style("{bar:30.green} {pos}/{len} networks done, {msg}, {elapsed} gone"));
        whole.enable_steady_tick(Duration::from_secs(1));
        if bars.is_none() {
            terminal::note(&format!("training {n_networks} networks"));
        }
        let effort = Effort {
            started: Instant::now(),
            n_networks,
            n_done: 0,
            n_running: 0,
            unfinished: recipes.iter().map(|r| r.cost(&self.folders)).sum(),
            running: 0.0,
            done: (0.0, 0.0),
        };
        *locked(&self.training) = Some(Training { bars, whole, effort: Arc::new(Mutex::new(effort)) });
    }

    fn start(&self, recipe: &Recipe) -> Box<dyn WatchNetwork> {
        let Some(training) = locked(&self.training).clone() else { return Box::new(Unwatched) };
        let max_epochs = recipe.training.max_epochs;
        let bar = match &training.bars {
            Some(bars) => bars.insert_before(&training.whole, ProgressBar::new(max_epochs as u64)),
            None => ProgressBar::hidden(),
        };
        bar.set_style(style("{bar:30.cyan} epoch {pos:>4}/{len} {prefix} {msg}"));
        bar.set_prefix(named(recipe));
        locked(&training.effort).n_running += 1;
        Box::new(NetworkBar {
            bar,
            training,
            name: named(recipe),
            max_epochs,
            cost: recipe.cost(&self.folders),
            started: Instant::now(),
            first_and_last: Mutex::default(),
            is_trained: AtomicBool::default(),
        })
    }

    fn found(&self, recipe: &Recipe) {
        if let Some(training) = &*locked(&self.training) {
            training.whole.inc(1);
            let mut effort = locked(&training.effort);
            effort.n_done += 1;
            effort.unfinished -= recipe.cost(&self.folders);
        }
    }

    fn end(&self) {
        if let Some(training) = locked(&self.training).take() {
            training.whole.finish_and_clear();
        }
    }

    fn step(&self, what: &str, Step { n_done, n_steps, state }: Step<'_>) {
        if !terminal::shows_bars() {
            return;
        }
        let mut others = locked(&self.others);
        let bar = others.entry(what.to_string()).or_insert_with(|| {
            let bar = ProgressBar::new(n_steps as u64);
            bar.set_style(style("{bar:30.cyan} {pos:>4}/{len} {prefix}, {msg}, {eta} to go"));
            bar.set_prefix(what.to_string());
            bar
        });
        bar.set_length(n_steps as u64);
        bar.set_position(n_done as u64);
        bar.set_message(state.to_string());
    }

    fn over(&self, what: &str, summary: &str) {
        match locked(&self.others).remove(what) {
            Some(bar) => bar.finish_and_clear(),
            None => terminal::note(&format!("{what}: {summary}")),
        }
    }

    fn warn(&self, text: &str) {
        terminal::warn(text);
    }
}

impl WatchNetwork for NetworkBar {
    fn epoch(&self, record: &EpochRecord) {
        let before = self.spent();
        {
            let mut epochs = locked(&self.first_and_last);
            let first = epochs.map_or(record.epoch.saturating_sub(1), |(first, _)| first);
            *epochs = Some((first, record.epoch));
        }
        let mut effort = locked(&self.training.effort);
        effort.running += self.spent() - before;
        self.training.whole.set_message(effort.line());
        drop(effort);
        self.bar.set_position(record.epoch.min(self.max_epochs) as u64);
        let validation = record.validation_loss.map_or(String::new(), |v| format!(", validation {v:.4}"));
        let seconds = self.started.elapsed().as_secs_f64();
        self.bar.set_message(format!("loss {:.4}{validation}, {seconds:.0} s", record.train_loss));
    }

    fn trained(&self, best_epoch: usize, seconds: f64) {
        self.is_trained.store(true, Ordering::Relaxed);
        self.training.whole.inc(1);
        let mut effort = locked(&self.training.effort);
        effort.n_done += 1;
        effort.unfinished -= self.cost;
        let spent = self.spent();
        effort.running -= spent;
        effort.done = (effort.done.0 + spent, effort.done.1 + self.cost);
        effort.n_running -= 1;
        self.training.whole.set_message(effort.line());
        self.bar.finish_and_clear();
        if self.training.bars.is_none() {
            terminal::note(&format!(
                "[{}/{}] {}: best epoch {best_epoch}, {seconds:.1} s; {}",
                effort.n_done,
                effort.n_networks,
                self.name,
                effort.line()
            ));
        }
    }
}

impl Drop for NetworkBar {
    /// A network that failed, was stopped, or left its stack to be trained alone is no longer running.
    fn drop(&mut self) {
        if self.is_trained.load(Ordering::Relaxed) {
            return;
        }
        let mut effort = locked(&self.training.effort);
        effort.running -= self.spent();
        effort.n_running -= 1;
        self.training.whole.set_message(effort.line());
        self.bar.finish_and_clear();
    }
}

impl NetworkBar {
    /// Work spent on it here and now.
    fn spent(&self) -> f64 {
        let epochs = locked(&self.first_and_last).map_or(0, |(first, last)| last.saturating_sub(first));
        self.cost * epochs as f64 / self.max_epochs.max(1) as f64
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use vitrine_lab::{Preset, Seeds};

    use super::*;
    use crate::thesis::{Plan, Settings};

    #[test]
    fn a_network_that_is_not_trained_is_no_longer_running_and_may_start_again() {
        let settings = Settings::of(Preset::Smoke);
        let plan = Plan { preset: Preset::Smoke, settings, seeds: Seeds::first(2), has_own_seeds: true };
        let recipes = plan.recipes(&["mlp:100-60".parse().unwrap()]);
        let progress = Progress::default();
        progress.begin(&recipes.iter().collect::<Vec<_>>());
        let effort = locked(&progress.training).as_ref().unwrap().effort.clone();
        let record = EpochRecord {
            epoch: 3,
            train_loss: 1.0,
            train_error: 0.5,
            validation_loss: None,
            validation_error: None,
            seconds: 0.0,
        };
        for _ in 0..2 {
            let stack: Vec<_> = recipes.iter().map(|recipe| progress.start(recipe)).collect();
            stack.iter().for_each(|network| network.epoch(&record));
            assert_eq!(locked(&effort).n_running, 2);
            drop(stack);
            let effort = locked(&effort);
            assert_eq!((effort.n_running, effort.running), (0, 0.0));
        }
        let alone = progress.start(&recipes[0]);
        alone.trained(3, 0.0);
        drop(alone);
        let effort = locked(&effort);
        assert_eq!((effort.n_running, effort.n_done), (0, 1));
        assert!(effort.line().starts_with("0 running, 1 left"), "{}", effort.line());
    }

    #[test]
    fn the_time_to_go_takes_the_rest_to_stop_as_early_as_what_is_done() {
        let mut effort = Effort {
            started: Instant::now(),
            n_networks: 3,
            n_done: 0,
            n_running: 1,
            unfinished: 300.0,
            running: 0.0,
            done: (0.0, 0.0),
        };
        assert_eq!(effort.to_go(1.0), None);
        // 10 of 300 in one second: 290 are left.
        effort.running = 10.0;
        assert_eq!(effort.to_go(1.0), Some(29.0));
        // One stopped after 20 of its 100, within two seconds: 40 of the other 200 are left, at 10 a second.
        effort = Effort { n_done: 1, unfinished: 200.0, running: 0.0, done: (20.0, 100.0), ..effort };
        assert_eq!(effort.to_go(2.0), Some(4.0));
    }
}
