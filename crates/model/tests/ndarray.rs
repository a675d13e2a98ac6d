//! burn's other processor backend gives the same training.
#![cfg(feature = "ndarray")]

mod common;

#[test]
fn fifty_steps_on_ndarray_have_the_losses_of_the_fused_engine_for_every_op() {
    common::assert_the_losses_of_the_processor(vitrine_model::DeviceChoice::Ndarray, 1);
}
