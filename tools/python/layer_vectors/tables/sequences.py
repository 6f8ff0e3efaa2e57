"""Tokens, padding, steps and products by equation."""

from keras import layers

from layer_vectors.cases import Case, Input

TEXT = Input(values=[[0, 3, 1, 2], [4, 1, 0, 0]])


def einsum(equation, shape, bias=None, activation=None):
    """Makes a product by equation."""
    return lambda: layers.EinsumDense(equation, shape, bias_axes=bias, activation=activation)


PADDED = Input(
    values=[[[2, 2, 2], [1, 2, 3], [2, 2, 2], [0, 0, 0]], [[2, 1, 2], [2, 2, 2], [1, 1, 1], [2] * 3]]
)
TOKENS = [
    Case("embedding", lambda: layers.Embedding(5, 3), [TEXT]),
    Case("embedding with padding", lambda: layers.Embedding(5, 3, mask_zero=True), [TEXT]),
    Case("embedding of one id", lambda: layers.Embedding(7, 2), [Input((4, 1), high=7)]),
    Case("embedding of a table of ids", lambda: layers.Embedding(7, 2), [Input((2, 3, 2), high=7)]),
    Case("masking", lambda: layers.Masking(2.0), [PADDED]),
    Case("masking of zeros", layers.Masking, [PADDED]),
]
MASKED = Input(PADDED.shape, values=PADDED.values, prepare=lambda: layers.Masking(2.0))
STEPS = [
    Case("dense by step", lambda: layers.TimeDistributed(layers.Dense(4, "relu")), [PADDED]),
    Case("dense by step over padding", lambda: layers.TimeDistributed(layers.Dense(4)), [MASKED]),
    Case("convolution by step",
         lambda: layers.TimeDistributed(layers.Conv2D(2, 2, padding="same", activation="softmax")),
         [Input((2, 3, 4, 5, 2))]),
    Case("normalisation by step", lambda: layers.TimeDistributed(layers.BatchNormalization()),
         [Input((2, 3, 4))]),
    Case("recurrence by step", lambda: layers.TimeDistributed(layers.LSTM(3)),
         [Input((2, 3, 4, 5))]),
    Case("flattening by step", lambda: layers.TimeDistributed(layers.Flatten()),
         [Input((2, 3, 4, 5))]),
]  # fmt: skip
PRODUCTS = [
    Case("einsum", einsum("ab,bc->ac", 4, "c", "relu"), [Input((2, 3))]),
    Case("einsum over sequences", einsum("abc,cd->abd", (None, 4), "d"), [Input((2, 5, 3))]),
    Case("einsum over padding", einsum("abc,cd->abd", (None, 4), "d"), [MASKED]),
    Case("einsum to heads", einsum("abc,cde->abde", (None, 2, 4), "de"), [Input((2, 5, 3))]),
    Case("einsum from heads", einsum("abcd,cde->abe", (None, 4), "e"), [Input((2, 5, 3, 2))]),
    Case("einsum over any axes", einsum("...x,xy->...y", 4, "y", "gelu"), [Input((2, 3, 2, 5))]),
    Case("einsum before any axes", einsum("ab...,bc->ac...", 4, "c"), [Input((2, 3, 2, 5))]),
    Case("einsum that moves axes", einsum("abc,cd->adb", (4, 5), "d", "tanh"), [Input((2, 5, 3))]),
    Case("einsum with a bias by position", einsum("abc,cd->abd", (5, 4), "bd"), [Input((2, 5, 3))]),
    Case("einsum with a bias by position alone", einsum("abc,cd->abd", (5, 4), "b", "softmax"),
         [Input((2, 5, 3))]),
    Case("einsum over a middle axis", einsum("abc,bd->acd", (3, 4), "d"), [Input((2, 5, 3))]),
    Case("einsum with a kernel by position", einsum("abc,bcd->abd", (5, 4), "bd"),
         [Input((2, 5, 3))]),
    Case("einsum with a kernel by position, moved", einsum("abc,dcb->adb", (4, 5), "d", "relu"),
         [Input((2, 5, 3))]),
    Case("einsum to heads with softmax", einsum("abc,cde->abde", (None, 2, 4), None, "softmax"),
         [Input((2, 5, 3))]),
    Case("einsum with a kernel in another order", einsum("abc,dec->abed", (None, 2, 4), "ed"),
         [Input((2, 5, 3))]),
    Case("einsum that sums an axis", einsum("abc,cd->ad", (4,), "d"), [Input((2, 5, 3))]),
    Case("einsum by element", einsum("abc,c->abc", (None, 3), None), [Input((2, 5, 3))]),
]  # fmt: skip

CASES = TOKENS + STEPS + PRODUCTS
