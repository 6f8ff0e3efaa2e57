import Checkpoints
import Testing

@testable import Recipes

/// Layers are found by the names, or by the format's hints.
struct LayerOrderTests {
  private func order(_ names: [String]) -> LayerOrder {
    LayerOrder(names: names.map { (TensorName($0), nil) })
  }

  @Test func theFirstNumberThatCountsIsTheLayer() throws {
    let names =
      ["model.norm.weight"]
      + (0..<12).flatMap { layer in
        (0..<3).map { "model.layers.\(layer).experts.\($0).w" }
      }
    let order = order(names)
    #expect(order.stacks == [LayerOrder.Stack(prefix: "model.layers", count: 12)])
    #expect(order.place(of: TensorName("model.layers.11.experts.2.w"))?.layer == 11)
    #expect(order.place(of: TensorName("model.norm.weight")) == nil)
  }

  @Test func numbersWithGapsAreNoLayers() {
    let order = order(["features.0.weight", "features.3.weight", "features.6.weight"])
    #expect(order.stacks.isEmpty)
    #expect(order.position(of: TensorName("features.6.weight")) == 0)
  }

  @Test func aNumberBehindOneThatCountsNothingIsFound() {
    let order = order(["v2.7.blocks.0.w", "v2.7.blocks.1.w"])
    #expect(order.stacks == [LayerOrder.Stack(prefix: "v2.7.blocks", count: 2)])
  }

  @Test func aLoneZeroCountsOnlyInAModelOfOneLayer() {
    let many = order(["h.0.w", "h.1.w", "head.0.w"])
    #expect(many.stacks.map(\.prefix) == ["h"])
    #expect(many.position(of: TensorName("head.0.w")) == 0)
    let one = order(["h.0.w", "norm.w"])
    #expect(one.position(of: TensorName("h.0.w")) == 1)
    #expect(one.position(of: TensorName("norm.w")) == 0)
  }

  @Test func positionsGoFromZeroToOne() {
    let order = order((0..<5).map { "layers.\($0).w" })
    let positions = (0..<5).map { order.position(of: TensorName("layers.\($0).w")) }
    #expect(positions == [0, 0.25, 0.5, 0.75, 1])
  }

  @Test func stacksHaveTheirOwnPositions() {
    let names = (0..<3).map { "encoder.layers.\($0).w" } + (0..<2).map { "decoder.layers.\($0).w" }
    let order = order(names)
    #expect(order.position(of: TensorName("encoder.layers.1.w")) == 0.5)
    #expect(order.position(of: TensorName("decoder.layers.1.w")) == 1)
    #expect(order.longest == 0)
    #expect(self.order(names + ["decoder.layers.2.w"]).longest == nil)
  }

  @Test func slashesSeparateToo() {
    let order = order(["blocks/0/kernel", "blocks/1/kernel"])
    #expect(order.stacks == [LayerOrder.Stack(prefix: "blocks", count: 2)])
    #expect(
      order.name(TensorName("blocks/0/kernel"), movedTo: 12) == TensorName("blocks/12/kernel"))
  }

  @Test func hintsCountBeforeNames() {
    let order = LayerOrder(names: [
      (TensorName("b/kernel"), 7), (TensorName("a/kernel"), 2), (TensorName("b/bias"), 7),
      (TensorName("c/0/x"), nil), (TensorName("d/kernel"), 9),
    ])
    #expect(order.stacks.map(\.count) == [3])
    #expect(order.position(of: TensorName("a/kernel")) == 0)
    #expect(order.position(of: TensorName("b/bias")) == 0.5)
    #expect(order.position(of: TensorName("d/kernel")) == 1)
    #expect(order.place(of: TensorName("c/0/x")) == nil)
    #expect(order.name(TensorName("b/bias"), movedTo: 0) == nil)
    #expect(order.name(TensorName("b/bias"), movedTo: 1) == TensorName("b/bias"))
  }

  @Test(arguments: [
    "", ".", "..", "0", "0.", ".0", "00.x", "01.x", "99999999999999999999.x", "9999999999.x",
    "-1.x",
    "é.0.x", "1e3.x",
  ])
  func oddNamesHaveNoTrap(name: String) {
    let order = order([name])
    #expect((0...1).contains(order.position(of: TensorName(name))))
  }
}
