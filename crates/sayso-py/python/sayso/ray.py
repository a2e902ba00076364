"""Sayso on Ray Data: a Dataset of reports to a Dataset of readings, by ``map_batches``."""
import sayso


def read(dataset, columns=None, model="accurate", batch_size=256):
    """Arguments as for ``sayso.read_batch``: a row a report in, a row a report out. One thread a task: Ray starts a task a core."""

    def each(batch):
        return sayso.read_batch(batch, columns=columns, model=model)

    return dataset.map_batches(each, batch_format="pyarrow", batch_size=batch_size, num_cpus=1)
