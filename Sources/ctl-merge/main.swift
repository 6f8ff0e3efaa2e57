import HDF5

HDF5Worker.serveIfAsked()
