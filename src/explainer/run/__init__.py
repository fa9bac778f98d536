"""Runs chapters: kernels, papermill, and the pool that works them off."""
