// A network is made of its architecture: who imports networks speaks of graphs and configurations too.
@_exported public import Architectures
