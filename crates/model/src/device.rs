//! Devices by name, and which of them this build and this machine have.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use burn::tensor::{Device, Tensor};

use crate::error::ModelError;

/// A device that networks are trained on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The processor, through burn-flex.
    #[default]
    Cpu,
    /// The processor, through burn-ndarray.
    Ndarray,
    /// A GPU through wgpu; without one, a software driver where there is one.
    Wgpu,
    /// An NVIDIA GPU.
    Cuda,
}

/// Every choice.
pub const CHOICES: [DeviceChoice; 4] =
    [DeviceChoice::Cpu, DeviceChoice::Ndarray, DeviceChoice::Wgpu, DeviceChoice::Cuda];

impl DeviceChoice {
    fn word(self) -> &'static str {
        match self {
            DeviceChoice::Cpu => "cpu",
            DeviceChoice::Ndarray => "ndarray",
            DeviceChoice::Wgpu => "wgpu",
            DeviceChoice::Cuda => "cuda",
        }
    }

    /// Whether this build has it.
    pub fn is_compiled(self) -> bool {
        match self {
            DeviceChoice::Cpu => true,
            DeviceChoice::Ndarray => cfg!(feature = "ndarray"),
            DeviceChoice::Wgpu => cfg!(feature = "wgpu"),
            DeviceChoice::Cuda => cfg!(feature = "cuda"),
        }
    }

    /// Tries a first computation on it.
    ///
    /// # Errors
    /// Names the cargo feature that is missing from the build, or says that no such device works here.
    pub fn check(self) -> Result<(), ModelError> {
        self.open().map(|_| ())
    }

    /// The device, after a first computation on it.
    ///
    /// # Errors
    /// Names the cargo feature that is missing from the build, or says that no such device works here.
    pub(crate) fn open(self) -> Result<Device, ModelError> {
        if !self.is_compiled() {
            return Err(ModelError::Device(format!(
                "this build has no {self}; build with `--features {self}` to have it"
            )));
        }
        let device = self.create();
        match catch_quietly(|| Tensor::<1>::ones([3], &device).sum().into_scalar::<f32>()) {
            Ok(3.0) => Ok(device),
            Ok(wrong) => Err(ModelError::Device(format!("{self} adds three ones to {wrong}"))),
            Err(reason) => Err(ModelError::Device(format!("no {self} device works here: {reason}"))),
        }
    }

    fn create(self) -> Device {
        match self {
            #[cfg(feature = "ndarray")]
            #[expect(deprecated, reason = "kept selectable as long as burn has it")]
            DeviceChoice::Ndarray => Device::ndarray(),
            #[cfg(feature = "wgpu")]
            DeviceChoice::Wgpu => Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
            #[cfg(feature = "cuda")]
            DeviceChoice::Cuda => Device::cuda(0),
            // `open` has refused what is not compiled.
            _ => Device::flex(),
        }
    }
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<DeviceChoice, String> {
        let known = CHOICES.into_iter().find(|choice| choice.word() == text);
        known.ok_or_else(|| format!("no device `{text}`; there are cpu, ndarray, wgpu, cuda"))
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A device in this build on this machine.
#[derive(Clone, Debug)]
pub struct DeviceReport {
    /// Its name.
    pub name: String,
    /// Whether this build has it.
    pub compiled: bool,
    /// What it is, or why it does not work.
    pub works: Result<String, String>,
}

/// Every device, tried with a small computation.
pub fn survey() -> Vec<DeviceReport> {
    let report = |choice: DeviceChoice| DeviceReport {
        name: choice.to_string(),
        compiled: choice.is_compiled(),
        works: choice.open().map(|device| format!("{device:?}")).map_err(|error| error.to_string()),
    };
    CHOICES.into_iter().map(report).collect()
}

/// What `run` returns; a panic, which is how GPU drivers fail, becomes its message, and is not printed.
fn catch_quietly<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(run));
    std::panic::set_hook(hook);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_else(|| "it panicked".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_always_works() {
        assert!(DeviceChoice::Cpu.open().is_ok());
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn a_device_that_is_not_compiled_names_its_feature() {
        assert!(DeviceChoice::Cuda.open().unwrap_err().to_string().contains("--features cuda"));
    }

    #[test]
    fn names_and_choices_agree() {
        for choice in CHOICES {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        assert!("tpu".parse::<DeviceChoice>().unwrap_err().contains("cpu, ndarray"));
    }
}
