//! The network: weights, cache and arithmetic. Runs on the model thread.
