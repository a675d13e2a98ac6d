//! A training step allocates nothing: longer epochs make no more allocations than short ones.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use ndarray::Array2;
use vitrine_data::{Dataset, Split, Streams};
use vitrine_model::{EngineChoice, NetworkSpec, Stop, TrainSettings, Trainer};

/// The system's allocator, counting.
struct Counting;

thread_local! {
    /// Those of this thread, on which a step is taken: what runs the tests allocates on its own.
    static N_ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        N_ALLOCATIONS.set(N_ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are the system's allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn zeros(spec: &NetworkSpec, n: usize) -> Dataset {
    let inputs = Array2::zeros((n, spec.n_inputs()));
    Dataset::numbered(inputs, vec![0; n], spec.n_outputs())
}

/// Allocations of training for three epochs of `n_steps` steps, the last of which is short.
fn allocations(spec: &str, momentum: f64, n_steps: usize) -> usize {
    let spec: NetworkSpec = spec.parse().unwrap();
    let split =
        Split { train: zeros(&spec, 20 * n_steps - 3), validation: zeros(&spec, 0), test: zeros(&spec, 0) };
    let settings = TrainSettings {
        batch_size: 20,
        momentum,
        max_epochs: 3,
        stop: Stop::MaxEpochs,
        ..TrainSettings::default()
    };
    let trainer = Trainer { settings, engine: EngineChoice::Fused, ..Trainer::new(spec.graph()) };
    let streams = Streams::new(0);
    let before = N_ALLOCATIONS.get();
    trainer.fit(&split, &streams).unwrap();
    N_ALLOCATIONS.get() - before
}

#[test]
fn no_step_after_the_first_allocates() {
    let networks = [
        ("mlp:100-100-60", 0.0),
        ("mlp:30-20+dropout0.5-10", 0.9),
        ("cnn:40,conv7,conv5+relu,12", 0.9),
        ("bottleneck:100-25-2-25-60", 0.0),
        ("cnn:40,conv7+gelu,30+tanh+dropout0.5,12", 0.9),
        ("cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10", 0.0),
        ("cnn:2x9x8,conv3x3x4+same+tanh+dropout0.5,avgpool2,conv2x2x5,10", 0.9),
    ];
    for (spec, momentum) in networks {
        allocations(spec, momentum, 2);
        let (few, many) = (allocations(spec, momentum, 2), allocations(spec, momentum, 40));
        assert_eq!(few, many, "{spec} with momentum {momentum}");
        assert!(0 < few, "the allocator counts");
    }
}
