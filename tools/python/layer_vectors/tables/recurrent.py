"""Recurrent layers, with every way in which masks and states reach them."""

from keras import layers

from layer_vectors.cases import At, Case, Input

SEQUENCE = Input((3, 5, 4))
# Padding in front, within, behind, and nothing but padding.
PADDED = Input(
    values=[[[0.0] * 4, [1, 2, -1, 3], [0.0] * 4, [2, 1, 1, -2], [0.5, 0, 1, 0]],
            [[1, 0, 0, 1], [0.1, 2, 3, 4], [-1, 1, -1, 1], [0.0] * 4, [0.0] * 4],
            [[0.0] * 4] * 5],
    prepare=layers.Masking,
)  # fmt: skip
STATE = Input((3, 3))
SIMPLE, LSTM, GRU = layers.SimpleRNN, layers.LSTM, layers.GRU
ALL = {"return_sequences": True}
EVERYTHING = {"return_sequences": True, "return_state": True}


def made(kind, **settings):
    """Makes a layer of three units."""
    return lambda: kind(3, **settings)


def common(kind) -> list[Case]:
    """What holds for each kind alike."""
    name = kind.__name__
    states = [STATE, STATE] if kind is LSTM else [STATE]
    initial = {"initial_state": [At(1 + place) for place in range(len(states))]}
    return [
        Case(f"{name}", made(kind), [SEQUENCE]),
        Case(f"{name} of all steps", made(kind, **ALL), [SEQUENCE]),
        Case(f"{name} and its state", made(kind, **EVERYTHING), [SEQUENCE]),
        Case(f"{name} from the end", made(kind, go_backwards=True, **EVERYTHING), [SEQUENCE]),
        Case(f"{name} without bias", made(kind, use_bias=False), [SEQUENCE]),
        Case(f"{name} with relu", made(kind, activation="relu"), [SEQUENCE]),
        Case(f"{name} with softsign", made(kind, activation="softsign", **ALL), [SEQUENCE]),
        Case(f"{name} without activation", made(kind, activation=None), [SEQUENCE]),
        Case(f"{name} over padding", made(kind), [PADDED]),
        Case(f"{name} of all steps over padding", made(kind, **EVERYTHING), [PADDED]),
        Case(f"{name} from the end over padding",
             made(kind, go_backwards=True, **EVERYTHING), [PADDED]),
        Case(f"{name} with zeros over padding",
             made(kind, zero_output_for_mask=True, **EVERYTHING), [PADDED]),
        Case(f"{name} from a state", made(kind, **EVERYTHING), [SEQUENCE, *states], (At(0),),
             initial),
        Case(f"{name} from a state over padding", made(kind, **EVERYTHING), [PADDED, *states],
             (At(0),), initial),
        Case(f"{name} with a mask in the call", made(kind, **ALL),
             [SEQUENCE, Input(values=[[1, 0, 1, 1, 0], [0, 0, 1, 0, 1], [1, 1, 1, 1, 1]])],
             (At(0),), {"mask": At(1)}),
        Case(f"{name} in both directions", lambda: layers.Bidirectional(kind(3)), [SEQUENCE]),
        Case(f"{name} in both directions over padding",
             lambda: layers.Bidirectional(kind(3, **ALL)), [PADDED]),
    ]  # fmt: skip


KINDS = [case for kind in (SIMPLE, LSTM, GRU) for case in common(kind)]

GATES = [
    Case("LSTM with hard gates", made(LSTM, recurrent_activation="hard_sigmoid"), [SEQUENCE]),
    Case("LSTM without gates", made(LSTM, recurrent_activation=None), [SEQUENCE]),
    Case("LSTM that isn't fused", made(LSTM, implementation=1, recurrent_dropout=0.2), [SEQUENCE]),
    Case("LSTM with softmax gates", made(LSTM, recurrent_activation="softmax"), [SEQUENCE]),
    Case("GRU with hard gates", made(GRU, recurrent_activation="hard_sigmoid", **ALL), [SEQUENCE]),
    Case("GRU that resets before", made(GRU, reset_after=False, **EVERYTHING), [SEQUENCE]),
    Case("GRU that resets before over padding", made(GRU, reset_after=False, **ALL), [PADDED]),
    Case("GRU that resets before without bias", made(GRU, reset_after=False, use_bias=False),
         [SEQUENCE]),
    Case("wide LSTM", lambda: layers.LSTM(40, return_sequences=True), [Input((2, 6, 33))]),
    Case("wide GRU", lambda: layers.GRU(40), [Input((2, 6, 33))]),
]  # fmt: skip


def both(mode, **settings):
    """Makes an LSTM in both directions."""
    return lambda: layers.Bidirectional(layers.LSTM(3, **settings), merge_mode=mode)


def mixed():
    """Makes a layer whose backward half is of another kind."""
    back = layers.LSTM(3, activation="relu", go_backwards=True, name="back", **ALL)
    return layers.Bidirectional(layers.GRU(3, **ALL), backward_layer=back, merge_mode="sum")


DIRECTIONS = [
    *(Case(f"both directions, {mode}", both(mode, **ALL), [SEQUENCE])
      for mode in ("concat", "sum", "mul", "ave", None)),
    Case("both directions apart at the end", both(None), [SEQUENCE]),
    Case("both directions and their states", both("concat", **EVERYTHING), [PADDED]),
    Case("both directions apart and their states", both(None, return_state=True), [SEQUENCE]),
    Case("both directions from states", both("sum", **ALL), [SEQUENCE] + [STATE] * 4, (At(0),),
         {"initial_state": [At(1), At(2), At(3), At(4)]}),
    Case("both directions of two kinds", mixed, [SEQUENCE]),
]  # fmt: skip


def stack(**settings):
    """Makes a layer of cells that feed one another."""
    cells = [layers.LSTMCell(3), layers.GRUCell(2), layers.SimpleRNNCell(4), layers.LSTMCell(3)]
    return layers.RNN(cells, **settings)


CELLS = [
    Case("a simple cell", lambda: layers.RNN(layers.SimpleRNNCell(3, name="mine")), [SEQUENCE]),
    Case("an LSTM cell", lambda: layers.RNN(layers.LSTMCell(3), **EVERYTHING), [PADDED]),
    Case("a GRU cell", lambda: layers.RNN(layers.GRUCell(3, reset_after=False), **ALL), [SEQUENCE]),
    Case("stacked cells", stack, [SEQUENCE]),
    Case("stacked cells over padding", lambda: stack(**ALL), [PADDED]),
    Case("stacked cells from the end over padding",
         lambda: stack(go_backwards=True, **ALL), [PADDED]),
]  # fmt: skip

CASES = KINDS + GATES + DIRECTIONS + CELLS
