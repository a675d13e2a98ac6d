//! Training what is missing: one network per core, long runs first, each resumable.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use vitrine_data::Split;
use vitrine_model::{Outcome, TrainState, fit};

use super::progress::Progress;
use super::{HandOver, TrainedNetwork, Zoo, stacked};
use crate::files::write_whole;
use crate::recipe::Recipe;
use crate::signals;

/// Unfinished training is written down this often.
const SAVE_EVERY: Duration = Duration::from_secs(10);
/// Pause before asking again for networks that other processes are training.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// Trains `recipes`, each in its own thread, and hands over each network or why there is none; a network that another
/// process trains is waited for and loaded.
pub fn train_all(zoo: &Zoo, mut recipes: Vec<&Recipe>, hand_over: &mut HandOver<'_>) -> anyhow::Result<()> {
    if recipes.is_empty() {
        return Ok(());
    }
    let progress = Progress::new(&recipes);
    if stacked::is_used(zoo) {
        recipes = stacked::train(zoo, recipes, &progress, hand_over)?;
    }
    recipes.sort_by(|a, b| b.cost().total_cmp(&a.cost()));
    let n_workers = zoo.n_threads.min(recipes.len()).max(1);
    let work = Work {
        zoo,
        progress: &progress,
        waiting: Mutex::new(recipes.into()),
        hand_over: Mutex::new(hand_over),
        data: DataCache::default(),
        // Fewer networks than cores: the spare cores go to the networks' own products.
        threads_each: zoo.n_threads / n_workers,
    };
    let results: Vec<anyhow::Result<()>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(|| work.run())).collect();
        workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    progress.finish();
    results.into_iter().collect::<anyhow::Result<()>>()?;
    Ok(signals::check()?)
}

/// What the workers share.
struct Work<'a, 'b> {
    zoo: &'a Zoo,
    progress: &'a Progress,
    waiting: Mutex<VecDeque<&'a Recipe>>,
    hand_over: Mutex<&'b mut HandOver<'b>>,
    data: DataCache,
    threads_each: usize,
}

impl<'a> Work<'a, '_> {
    /// Takes recipes from the front until none is left; one that is locked elsewhere goes to the back.
    fn run(&self) -> anyhow::Result<()> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads_each).build()?;
        while let Some(recipe) = self.next() {
            if signals::stop_requested() {
                break;
            }
            match self.zoo.store.lock(&recipe.hash())? {
                None => {
                    self.waiting.lock().expect("no worker panics holding the queue").push_back(recipe);
                    std::thread::sleep(ASK_AGAIN);
                }
                Some(_lock) => {
                    if let Some(outcome) = pool.install(|| self.obtain(recipe)).transpose() {
                        (self.hand_over.lock().expect("no worker panics handing over"))(outcome);
                    }
                }
            }
        }
        Ok(())
    }

    fn next(&self) -> Option<&'a Recipe> {
        self.waiting.lock().expect("no worker panics holding the queue").pop_front()
    }

    /// Loads what another process finished meanwhile, or trains. `None` when the user stopped the run.
    fn obtain(&self, recipe: &Recipe) -> anyhow::Result<Option<TrainedNetwork>> {
        let store = &self.zoo.store;
        if let Some(network) = store.load_sound(recipe)? {
            self.progress.network_done(recipe, None);
            return Ok(Some(network));
        }
        let data = self.data.load(recipe, self.zoo)?;
        let bar = self.progress.start(recipe);
        let Some((trained, seconds)) = self.train(recipe, &data, &bar)? else {
            return Ok(None);
        };
        store.save(recipe, &trained, seconds, &self.zoo.device.to_string())?;
        self.progress.network_done(recipe, Some((&bar, trained.best_epoch, seconds)));
        store.load_sound(recipe)
    }

    fn train(
        &self,
        recipe: &Recipe,
        data: &Split,
        bar: &super::progress::NetworkBar,
    ) -> anyhow::Result<Option<(vitrine_model::Trained, f64)>> {
        let partial = self.zoo.store.partial(&recipe.hash());
        let resumed = match read_partial(&partial, recipe) {
            None => super::start::of(recipe, &data.train),
            resumed => resumed,
        };
        let seconds_before = resumed.as_ref().map_or(0.0, |s| s.history.iter().map(|r| r.seconds).sum());
        let start = Instant::now();
        let mut last_saved = Instant::now();
        let mut failed_save = None;
        let mut on_epoch = |state: &TrainState| {
            state.history.last().iter().for_each(|record| bar.epoch(record));
            let stop = signals::stop_requested();
            if stop || SAVE_EVERY <= last_saved.elapsed() {
                failed_save = write_whole(&partial, &state.to_bytes()).err();
                last_saved = Instant::now();
            }
            if stop || failed_save.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let device = self.zoo.device.open()?;
        let streams = recipe.training_streams();
        let outcome = fit(
            &recipe.network,
            &recipe.training,
            data,
            &streams,
            self.zoo.engine,
            &device,
            resumed,
            &mut on_epoch,
        )
        .with_context(|| format!("{} seed {}", recipe.network, recipe.seed))?;
        if let Some(error) = failed_save {
            return Err(error);
        }
        match outcome {
            Outcome::Finished(trained) => Ok(Some((trained, seconds_before + start.elapsed().as_secs_f64()))),
            Outcome::Stopped(_) => Ok(None),
        }
    }
}

/// The state of stopped training. One that cannot be read is as good as none: training starts anew.
fn read_partial(path: &std::path::Path, recipe: &Recipe) -> Option<TrainState> {
    let bytes = std::fs::read(path).ok()?;
    match TrainState::from_bytes(&bytes, &recipe.network) {
        Ok(state) => Some(state),
        Err(error) => {
            tracing::warn!("{}: cannot be resumed ({error}); training starts anew", path.display());
            None
        }
    }
}

/// Data sets in use: recipes of one seed share theirs.
#[derive(Default)]
struct DataCache {
    sets: Mutex<HashMap<String, Weak<Split>>>,
}

impl DataCache {
    fn load(&self, recipe: &Recipe, zoo: &Zoo) -> anyhow::Result<Arc<Split>> {
        let key = format!("{} {}", recipe.seed, toml::to_string(&recipe.data)?);
        let mut sets = self.sets.lock().expect("no worker panics holding the cache");
        if let Some(split) = sets.get(&key).and_then(Weak::upgrade) {
            return Ok(split);
        }
        let split = Arc::new(recipe.data.load(&recipe.data_streams(), zoo.mnist_dir.as_deref())?);
        sets.insert(key, Arc::downgrade(&split));
        Ok(split)
    }
}
