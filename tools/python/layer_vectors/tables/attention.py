"""Attention, with every way in which a mask reaches it.

A dropout makes Keras leave its fused path, which on JAX doesn't have values of another size than keys.
"""

from keras import layers

from layer_vectors.cases import At, Case, Input

QUERY = Input((2, 4, 6))
VALUE = Input((2, 5, 6))
LAST = [[0, 3, 1, 2], [4, 1, 0, 0]]
IDS = Input(values=LAST, prepare=lambda: layers.Embedding(5, 6, mask_zero=True))
LONG_IDS = Input(values=[[1, 2, 0, 4, 0], [3, 0, 0, 0, 0]], prepare=IDS.prepare)
PAIRS = Input(values=[[[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]]] * 2)
BY_HEAD = Input(values=[[[[1, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 0], [1, 1, 1, 1]],
                         [[0, 1, 0, 0], [1, 1, 1, 1], [1, 0, 0, 1], [0, 0, 0, 1]]]] * 2)  # fmt: skip
ITSELF = (At(0), At(0))


def heads(**settings):
    """Makes multi-head attention of two heads of 3."""
    return lambda: layers.MultiHeadAttention(2, 3, **settings)


def grouped(**settings):
    """Makes attention of four heads of 3, two of which share their keys."""
    return lambda: layers.GroupQueryAttention(3, 4, 2, **settings)


MULTI_HEAD = [
    Case("heads", heads(), [QUERY], ITSELF),
    Case("heads over another sequence", heads(), [QUERY, VALUE], (At(0), At(1))),
    Case(
        "heads with keys of their own", heads(value_dim=5, output_shape=7, dropout=0.1),
        [QUERY, VALUE, Input((2, 5, 4))], (At(0),), {"value": At(1), "key": At(2)},
    ),
    Case("heads without bias", heads(use_bias=False), [QUERY], ITSELF),
    Case("heads to two axes", heads(output_shape=(2, 4)), [QUERY], ITSELF),
    Case("heads with a gate", heads(use_gate=True, value_dim=4, dropout=0.1), [QUERY], ITSELF),
    Case("heads that see the past", heads(), [QUERY], ITSELF, {"use_causal_mask": True}),
    Case(
        "heads that see the past of a longer sequence", heads(), [QUERY, VALUE], (At(0), At(1)),
        {"use_causal_mask": True},
    ),
    Case("heads that see a window", heads(sliding_window=2), [QUERY], ITSELF),
    Case(
        "heads that see a window of the past", heads(sliding_window=2), [QUERY], ITSELF,
        {"use_causal_mask": True},
    ),
    Case("heads over padded text", heads(), [IDS], ITSELF),
    Case("heads over padded text with dropout", heads(dropout=0.1), [IDS], ITSELF),
    Case(
        "heads over padded text that see the past", heads(), [IDS], ITSELF,
        {"use_causal_mask": True},
    ),
    Case("heads over padded values", heads(), [QUERY, LONG_IDS], (At(0), At(1))),
    Case("heads over two padded texts", heads(), [IDS, LONG_IDS], (At(0), At(1), At(1))),
    Case(
        "heads with a mask of pairs", heads(), [QUERY, VALUE, PAIRS], (At(0), At(1)),
        {"attention_mask": At(2)},
    ),
    Case(
        "heads with a mask of pairs and dropout", heads(dropout=0.5), [QUERY, VALUE, PAIRS],
        (At(0), At(1)), {"attention_mask": At(2)},
    ),
    Case(
        "heads with masks of their own", heads(), [QUERY, BY_HEAD], ITSELF,
        {"attention_mask": At(1)},
    ),
    Case(
        "heads with a mask of values", heads(), [QUERY, Input(values=[[1, 0, 1, 1], [1, 1, 0, 0]])],
        ITSELF, {"value_mask": At(1)},
    ),
    Case(
        "heads and their weights", heads(), [QUERY, VALUE], (At(0), At(1)),
        {"return_attention_scores": True},
    ),
    Case(
        "heads and their weights over padded text", heads(), [IDS], ITSELF,
        {"return_attention_scores": True},
    ),
    Case("heads over an image", heads(), [Input((2, 3, 2, 4))], ITSELF),
    Case("heads along rows", heads(attention_axes=(2,)), [Input((2, 3, 4, 5))], ITSELF),
    Case("heads along columns", heads(attention_axes=1), [Input((2, 3, 4, 5))], ITSELF),
    Case("heads along two axes of three", heads(attention_axes=(1, 3)), [Input((2, 2, 3, 2, 4))],
         ITSELF, {"return_attention_scores": True}),
    Case("many heads over a long sequence", lambda: layers.MultiHeadAttention(3, 8),
         [Input((2, 50, 24))], ITSELF),
]  # fmt: skip

GROUPED = [
    Case("grouped heads", grouped(), [QUERY], ITSELF),
    Case("grouped heads over another sequence", grouped(use_bias=False), [QUERY, VALUE],
         (At(0), At(1))),
    Case("grouped heads over padded text", grouped(), [IDS], ITSELF),
    Case("grouped heads with a gate that see the past", grouped(use_gate=True), [QUERY], ITSELF,
         {"use_causal_mask": True}),
    Case("grouped heads that see a window", grouped(sliding_window=1), [QUERY], ITSELF),
    Case("grouped heads and their weights", grouped(), [QUERY, VALUE], (At(0), At(1)),
         {"return_attention_scores": True}),
]  # fmt: skip

WITHOUT_PROJECTION = [
    Case("attention", layers.Attention, [QUERY, VALUE]),
    Case("attention with keys", layers.Attention, [QUERY, Input((2, 5, 3)), VALUE]),
    Case("attention with a scale", lambda: layers.Attention(use_scale=True), [QUERY, VALUE]),
    Case("attention by sums", lambda: layers.Attention(score_mode="concat"), [QUERY, VALUE]),
    Case("attention by scaled sums",
         lambda: layers.Attention(use_scale=True, score_mode="concat"), [QUERY, VALUE]),
    Case("attention that sees the past", layers.Attention, [QUERY, VALUE], None,
         {"use_causal_mask": True}),
    Case("attention over padded text", layers.Attention, [IDS, LONG_IDS]),
    Case("attention over padded text that sees the past", layers.Attention, [IDS, LONG_IDS], None,
         {"use_causal_mask": True}),
    Case("attention and its weights", layers.Attention, [QUERY, VALUE], None,
         {"return_attention_scores": True}),
    Case("additive attention", layers.AdditiveAttention, [QUERY, VALUE]),
    Case("additive attention of many features", layers.AdditiveAttention,
         [Input((2, 3, 70)), Input((2, 40, 70))]),
    Case("additive attention without scale", lambda: layers.AdditiveAttention(use_scale=False),
         [QUERY, VALUE]),
    Case("additive attention over padded text", layers.AdditiveAttention, [IDS, LONG_IDS]),
]  # fmt: skip

CASES = MULTI_HEAD + GROUPED + WITHOUT_PROJECTION
