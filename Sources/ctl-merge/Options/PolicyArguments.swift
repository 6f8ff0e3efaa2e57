public import ArgumentParser
public import Merging

// The libraries' choices as values of options; their raw values are what a person types.

extension MergeRecipe.NonFinitePolicy: ExpressibleByArgument {}
extension MergeRecipe.OptimizerPolicy: ExpressibleByArgument {}
