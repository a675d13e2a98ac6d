//! Training what is missing: one network per core, long runs first, each resumable.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use vitrine_data::Split;
use vitrine_model::{TrainEnd, TrainState, Trainer};

use super::data::DataCache;
use super::trained::{HandOver, TrainedNetwork};
use super::workshop::Workshop;
use super::{stacked, start};
use crate::origin::Origin;
use crate::recipe::Recipe;
use crate::watch::WatchNetwork;

/// Unfinished training is written down this often.
const SAVE_EVERY: Duration = Duration::from_secs(10);
/// Pause before asking again for networks that other processes are training.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// Trains `recipes`, each in its own thread, and hands over each network or why there is none; a network that another
/// process trains is waited for and loaded.
pub fn train_all(shop: &Workshop, recipes: Vec<&Recipe>, hand_over: &mut HandOver<'_>) -> anyhow::Result<()> {
    if recipes.is_empty() {
        return Ok(());
    }
    shop.watch.begin(&recipes);
    let result = train_watched(shop, recipes, hand_over);
    shop.watch.end();
    result?;
    Ok(shop.stop.check()?)
}

fn train_watched(
    shop: &Workshop,
    mut recipes: Vec<&Recipe>,
    hand_over: &mut HandOver<'_>,
) -> anyhow::Result<()> {
    if stacked::is_used(shop) {
        recipes = stacked::train(shop, recipes, hand_over)?;
    }
    let mut costs: Vec<(f64, &Recipe)> = recipes.into_iter().map(|r| (r.cost(&shop.folders), r)).collect();
    costs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let recipes: Vec<&Recipe> = costs.into_iter().map(|(_, recipe)| recipe).collect();
    let n_workers = shop.n_threads.min(recipes.len()).max(1);
    let work = Work {
        shop,
        waiting: Mutex::new(recipes.into()),
        hand_over: Mutex::new(hand_over),
        data: DataCache::default(),
        // Fewer networks than cores: the spare cores go to the networks' own products.
        threads_each: shop.n_threads / n_workers,
    };
    let results: Vec<anyhow::Result<()>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(|| work.run())).collect();
        workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    results.into_iter().collect()
}

/// What the workers share.
struct Work<'a, 'b> {
    shop: &'a Workshop,
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
            if self.shop.stop.is_requested() {
                break;
            }
            match self.shop.store.lock(&recipe.hash())? {
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
        let store = &self.shop.store;
        let watch = &*self.shop.watch;
        if let Some(network) = self.shop.at_hand(recipe)? {
            watch.found(recipe);
            return Ok(Some(network));
        }
        let data = self.data.load(recipe, &self.shop.folders)?;
        let told = watch.start(recipe);
        let trainer = self.shop.trainer(recipe);
        let origin = self.shop.made_by(&trainer.taken_engine().to_string());
        let Some((trained, seconds)) = self.train(&trainer, &origin, recipe, &data, &*told)? else {
            return Ok(None);
        };
        store.save(recipe, &trained, seconds, &origin)?;
        told.trained(trained.best_epoch, seconds);
        self.shop.at_hand(recipe)
    }

    fn train(
        &self,
        trainer: &Trainer,
        origin: &Origin,
        recipe: &Recipe,
        data: &Split,
        told: &dyn WatchNetwork,
    ) -> anyhow::Result<Option<(vitrine_model::Trained, f64)>> {
        let (partials, hash) = (&self.shop.store.partials, recipe.hash());
        let resumed = match self.read_partial(&hash, recipe, origin) {
            None => start::of(recipe, &data.train)?,
            resumed => resumed,
        };
        let seconds_before = resumed.as_ref().map_or(0.0, |s| s.history.iter().map(|r| r.seconds).sum());
        let started = Instant::now();
        let mut last_saved = Instant::now();
        let mut failed_save = None;
        let mut on_epoch = |state: &TrainState| {
            state.history.last().iter().for_each(|record| told.epoch(record));
            let stop = self.shop.stop.is_requested();
            if stop || SAVE_EVERY <= last_saved.elapsed() {
                failed_save = partials.write(&hash, state, origin).err();
                last_saved = Instant::now();
            }
            if stop || failed_save.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let streams = recipe.training_streams();
        let state = resumed.unwrap_or_else(|| trainer.start(&streams));
        let end = trainer
            .resume(state, data, &streams, &mut on_epoch)
            .with_context(|| format!("{} seed {}", recipe.network, recipe.seed))?;
        if let Some(error) = failed_save {
            return Err(error.into());
        }
        match end {
            TrainEnd::Finished(trained) => {
                Ok(Some((trained, seconds_before + started.elapsed().as_secs_f64())))
            }
            TrainEnd::Stopped(_) => Ok(None),
        }
    }

    /// The state of stopped training. One that is damaged, or of another device or engine, is as good as none: training
    /// starts anew.
    fn read_partial(&self, hash: &str, recipe: &Recipe, origin: &Origin) -> Option<TrainState> {
        self.shop.store.partials.read(hash, recipe.network.graph(), origin).unwrap_or_else(|why| {
            self.shop.watch.warn(&format!("{why}; training starts anew"));
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use vitrine_data::Tree;
    use vitrine_model::DeviceChoice;

    use super::*;
    use crate::watch::Watch;

    #[derive(Default)]
    struct Ends(AtomicUsize);

    impl Watch for Ends {
        fn end(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn the_watch_is_told_of_the_end_of_training_that_fails() {
        let runs = tempfile::tempdir().unwrap();
        // A file where the folder of the locks must be: no stack can begin.
        Tree::at(runs.path()).write_whole("networks/.locks", b"").unwrap();
        let watch = Arc::new(Ends::default());
        let shop =
            Workshop { device: DeviceChoice::Wgpu, watch: watch.clone(), ..Workshop::new(runs.path()) };
        let recipe = |seed: u64| -> Recipe {
            toml::from_str(&format!("network = \"mlp:784-10\"\nseed = {seed}\n[data]\nkind = \"mnist\""))
                .unwrap()
        };
        let (one, other) = (recipe(0), recipe(1));
        assert!(train_all(&shop, vec![&one, &other], &mut |_| {}).is_err());
        assert_eq!(watch.0.load(Ordering::SeqCst), 1);
    }
}
