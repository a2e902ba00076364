//! The weights run by `rten`, a general runtime.

use std::sync::Arc;

use rten::{NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::{Encoder, Idle, Window};

/// The weights run by `rten`.
pub(crate) struct Rten {
    model: rten::Model,
    ids: NodeId,
    feat: NodeId,
    out: NodeId,
    /// Pools of one thread each that nobody uses now. A window runs on one of them: within one pool windows would
    /// wait for each other, and with more threads a window would be cut up for no gain.
    idle: Idle<Arc<ThreadPool>>,
}

impl Rten {
    /// Loads weights that stay where they are.
    pub(crate) fn load(weights: &'static [u8]) -> Result<Self, Box<dyn std::error::Error>> {
        // The operators that the exporter writes: all that there are would make the program some megabytes larger.
        let operators = rten::op_registry!(
            Add,
            Cast,
            Concat,
            Div,
            DynamicQuantizeLinear,
            Erf,
            Gather,
            LayerNormalization,
            MatMul,
            MatMulInteger,
            Mul,
            Reshape,
            Shape,
            Slice,
            Softmax,
            Split,
            Squeeze,
            Transpose,
            Unsqueeze
        );
        // Packed once here rather than anew for every window.
        let model = rten::ModelOptions::with_ops(operators).prepack_weights(true).load_static_slice(weights)?;
        let (ids, feat, out) = (model.node_id("ids")?, model.node_id("feat")?, model.node_id("out")?);
        Ok(Self { model, ids, feat, out, idle: Idle::default() })
    }

    fn run(&self, ids: &[i32], feat: &[i32], pool: &Arc<ThreadPool>) -> Vec<f32> {
        let row = |values: &[i32]| NdTensor::from_data([1, values.len()], values.to_vec());
        let inputs = vec![(self.ids, row(ids).into()), (self.feat, row(feat).into())];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let [out] = self.model.run_n(inputs, [self.out], Some(options)).expect("the embedded weights fit their inputs");
        let out: NdTensor<f32, 3> = out.try_into().expect("the embedded weights give [1, length, columns]");
        out.to_vec()
    }
}

impl Encoder for Rten {
    fn encode(&self, window: &Window) -> Vec<f32> {
        let out = self.idle.lend(
            || Arc::new(ThreadPool::with_num_threads(1)),
            // From a thread of its own: one of Rayon's would, while it waits for the pool, start further windows on top of
            // this one without end.
            |pool| std::thread::scope(|scope| scope.spawn(|| self.run(&window.ids, &window.feat, pool)).join()),
        );
        let all = out.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let columns = all.len() / window.ids.len();
        window.places.iter().flat_map(|place| &all[place * columns..][..columns]).copied().collect()
    }
}
