"""Layers that move, repeat, cut or pad values."""

from keras import layers

from layer_vectors.cases import Case, Input

FIRST = "channels_first"
LINE, IMAGE, VOLUME = Input((2, 7, 3)), Input((2, 5, 6, 3)), Input((2, 4, 5, 3, 2))

CASES = [
    Case("Flatten", lambda: layers.Flatten(), [IMAGE]),
    Case("Flatten channels first", lambda: layers.Flatten(FIRST), [IMAGE]),
    Case("Flatten of vectors channels first", lambda: layers.Flatten(FIRST), [Input((2, 3))]),
    Case("Reshape", lambda: layers.Reshape((3, 7)), [LINE]),
    Case("Reshape with a free axis", lambda: layers.Reshape((9, -1, 2)), [IMAGE]),
    Case("Permute", lambda: layers.Permute((3, 1, 2)), [IMAGE]),
    Case("Permute two", lambda: layers.Permute((2, 1)), [LINE]),
    Case("RepeatVector", lambda: layers.RepeatVector(4), [Input((2, 3))]),
    Case("Dropout", lambda: layers.Dropout(0.5), [LINE]),
    Case("SpatialDropout2D", lambda: layers.SpatialDropout2D(0.5), [IMAGE]),
    Case("GaussianNoise", lambda: layers.GaussianNoise(1.0), [LINE]),
    Case("GaussianDropout", lambda: layers.GaussianDropout(0.5), [LINE]),
    Case("AlphaDropout", lambda: layers.AlphaDropout(0.5), [LINE]),
    Case("ActivityRegularization", lambda: layers.ActivityRegularization(0.1), [LINE]),
    Case("Identity", lambda: layers.Identity(), [LINE]),
    Case("RandomFlip", lambda: layers.RandomFlip(), [IMAGE]),
    Case("RandomRotation", lambda: layers.RandomRotation(0.3), [IMAGE]),
    Case("RandomZoom", lambda: layers.RandomZoom(0.3), [IMAGE]),
    Case("RandomTranslation", lambda: layers.RandomTranslation(0.3, 0.2), [IMAGE]),
    Case("RandomContrast", lambda: layers.RandomContrast(0.3), [IMAGE]),
    Case("RandomBrightness", lambda: layers.RandomBrightness(0.3), [IMAGE]),
    Case("RandomCrop", lambda: layers.RandomCrop(3, 4), [Input((2, 7, 7, 3))]),
    Case("RandomCrop of a wide image", lambda: layers.RandomCrop(4, 4), [Input((2, 6, 9, 3))]),
    Case("RandomCrop of a small image", lambda: layers.RandomCrop(6, 8), [Input((2, 4, 5, 3))]),
    Case("Cropping1D", lambda: layers.Cropping1D(2), [LINE]),
    Case("Cropping1D unequal", lambda: layers.Cropping1D((0, 3)), [LINE]),
    Case("Cropping2D", lambda: layers.Cropping2D((1, 2)), [IMAGE]),
    Case("Cropping2D unequal", lambda: layers.Cropping2D(((0, 1), (2, 0))), [IMAGE]),
    Case("Cropping2D channels first", lambda: layers.Cropping2D(((0, 1), (1, 1)), FIRST), [IMAGE]),
    Case("Cropping3D", lambda: layers.Cropping3D(1), [VOLUME]),
    Case("Cropping3D unequal", lambda: layers.Cropping3D(((0, 1), (2, 1), (0, 0))), [VOLUME]),
    Case(
        "Cropping3D channels first", lambda: layers.Cropping3D(((0, 1), (1, 1), (0, 1)), FIRST),
        [VOLUME],
    ),
    Case("ZeroPadding1D", lambda: layers.ZeroPadding1D(2), [LINE]),
    Case("ZeroPadding1D unequal", lambda: layers.ZeroPadding1D((0, 3)), [LINE]),
    Case("ZeroPadding1D channels first", lambda: layers.ZeroPadding1D((1, 3), FIRST), [LINE]),
    Case("ZeroPadding2D", lambda: layers.ZeroPadding2D((1, 2)), [IMAGE]),
    Case("ZeroPadding2D unequal", lambda: layers.ZeroPadding2D(((0, 1), (2, 0))), [IMAGE]),
    Case(
        "ZeroPadding2D channels first", lambda: layers.ZeroPadding2D(((0, 1), (2, 1)), FIRST),
        [IMAGE],
    ),
    Case("ZeroPadding3D", lambda: layers.ZeroPadding3D(1), [VOLUME]),
    Case(
        "ZeroPadding3D channels first", lambda: layers.ZeroPadding3D(((0, 1), (2, 1), (0, 1)), FIRST),
        [VOLUME],
    ),
]  # fmt: skip
