//! The numbers in a file of weights by name: what the exporter called them (`training/export.py`, `training/fast.py`).

use std::collections::BTreeMap;

use rten_model_file::header::Header;
use rten_model_file::schema::{ConstantDataType, root_as_model};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Why a file of weights cannot be used: a defect of the build.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WeightsError {
    #[error("the weights are no file of their format: {0}")]
    Format(String),
    #[error("the weights lack {0}, or it has another shape")]
    Missing(String),
}

fn missing(name: &str) -> WeightsError {
    WeightsError::Missing(name.to_owned())
}

/// One constant: its shape and its bytes, little-endian, where they lie in the file.
#[derive(Debug, Clone)]
pub(super) struct Constant<'a> {
    pub(super) shape: Vec<usize>,
    bytes: &'a [u8],
    width: usize,
}

/// All constants of a file.
pub(super) struct Constants<'a>(BTreeMap<String, Constant<'a>>);

impl<'a> Constants<'a> {
    /// Finds the tensors of a safetensors file; copies none.
    pub(super) fn of_safetensors(file: &'a [u8]) -> Result<Self, WeightsError> {
        let file = SafeTensors::deserialize(file).map_err(|e| WeightsError::Format(e.to_string()))?;
        let constant = |(name, tensor): (&str, TensorView<'a>)| {
            let width = match tensor.dtype() {
                Dtype::F32 => 4,
                Dtype::I8 => 1,
                _ => return None,
            };
            Some((name.to_owned(), Constant { shape: tensor.shape().to_vec(), bytes: tensor.data(), width }))
        };
        Ok(Self(file.iter().filter_map(constant).collect()))
    }

    /// Finds the constants of a `.rten` file; copies none.
    pub(super) fn of_rten(file: &'a [u8]) -> Result<Self, WeightsError> {
        let format = |what: &str| WeightsError::Format(what.to_owned());
        let header = Header::from_buf(file).map_err(|e| WeightsError::Format(e.to_string()))?;
        let [start, length, data] =
            [header.model_offset, header.model_len, header.tensor_data_offset].map(|n| usize::try_from(n).unwrap_or(0));
        let graph = file.get(start..start + length).ok_or_else(|| format("it is cut off"))?;
        let model = root_as_model(graph).map_err(|e| WeightsError::Format(e.to_string()))?;
        let mut found = BTreeMap::new();
        for node in model.graph().nodes().into_iter().flatten() {
            let (Some(name), Some(constant)) = (node.name(), node.data_as_constant_node()) else { continue };
            let shape: Vec<usize> = constant.shape().iter().map(|n| n as usize).collect();
            let inline = || {
                let floats = constant.data_as_float_data().map(|d| (d.data().bytes(), 4));
                floats.or_else(|| constant.data_as_int_8_data().map(|d| (d.data().bytes(), 1)))
            };
            let apart = || {
                let width = match constant.dtype()? {
                    ConstantDataType::Float32 => 4,
                    ConstantDataType::Int8 => 1,
                    _ => return None,
                };
                let from = data.checked_add(usize::try_from(constant.data_offset()?).ok()?)?;
                let size = shape.iter().product::<usize>() * width;
                Some((file.get(from..from.checked_add(size)?)?, width))
            };
            if let Some((bytes, width)) = apart().or_else(inline) {
                found.insert(name.to_owned(), Constant { shape, bytes, width });
            }
        }
        Ok(Self(found))
    }

    /// The floats of a constant that must hold `count` of them.
    pub(super) fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>, WeightsError> {
        self.rows(name, 1).ok().filter(|found| found.len() == count).ok_or_else(|| missing(name))
    }

    /// The floats of a constant that must hold whole rows of `width`.
    pub(super) fn rows(&self, name: &str, width: usize) -> Result<Vec<f32>, WeightsError> {
        let constant = self.0.get(name).filter(|c| c.width == 4 && c.bytes.len().is_multiple_of(4 * width));
        let (numbers, _) = constant.ok_or_else(|| missing(name))?.bytes.as_chunks::<4>();
        Ok(numbers.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    /// The bytes of a constant of 8-bit numbers with two dimensions, and these.
    pub(super) fn bytes(&self, name: &str) -> Result<(&'a [u8], [usize; 2]), WeightsError> {
        let constant = self.0.get(name).filter(|c| c.width == 1);
        let found = constant.and_then(|c| Some((c.bytes, *c.shape.as_array::<2>()?)));
        found.ok_or_else(|| missing(name))
    }

    /// Names that begin and end so, by the number between: the exporter numbers linear maps in the order of their use.
    pub(super) fn numbered(&self, begin: &str, end: &str) -> Vec<String> {
        let number = |name: &str| name.strip_prefix(begin)?.strip_suffix(end)?.parse::<u32>().ok();
        let mut found: Vec<_> = self.0.keys().filter_map(|name| Some((number(name)?, name.clone()))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    }
}

/// Rows of 8-bit numbers where they lie in the file, each with a scale.
pub(super) struct Table {
    pub(super) width: usize,
    rows: &'static [u8],
    scales: Vec<f32>,
}

impl Table {
    /// The rows and the scales of these names.
    pub(super) fn load(constants: &Constants<'static>, rows: &str, scales: &str) -> Result<Self, WeightsError> {
        let (rows, [count, width]) = constants.bytes(rows)?;
        Ok(Self { width, rows, scales: constants.floats(scales, count)? })
    }

    /// A row as floats.
    pub(super) fn row(&self, number: usize) -> impl Iterator<Item = f32> {
        let scale = self.scales[number];
        self.rows[number * self.width..][..self.width].iter().map(move |n| f32::from(n.cast_signed()) * scale)
    }
}
