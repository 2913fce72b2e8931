"""Why an arm does what it does: shares of levers and gain, ablation, paths with their evidence."""
