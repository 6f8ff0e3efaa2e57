import Checkpoints
import Testing

/// What names say about roles, across frameworks.
struct RoleConventionsTests {
  static let table: [(String, ElementType, TensorRole, isVariance: Bool)] = [
    ("dense/kernel", .float32, .weight, false),
    ("model_weights/conv1/bn/conv1/bn/gamma:0", .float32, .weight, false),
    ("bn/moving_mean:0", .float32, .statistic, false),
    ("bn/moving_variance", .float16, .statistic, true),
    ("bn/moving_var", .bfloat16, .statistic, true),
    ("batchnormalization_1_running_mean", .float32, .statistic, false),
    ("batchnormalization_1_running_std", .float32, .statistic, true),
    ("layer1.0.bn1.running_mean", .float64, .statistic, false),
    ("layer1.0.bn1.running_var", .float32, .statistic, true),
    ("layer1.0.bn1.num_batches_tracked", .int64, .counter, false),
    ("iterations:0", .int64, .counter, false), ("iteration", .int32, .counter, false),
    ("normalization/count", .int32, .counter, false), ("step", .uint64, .counter, false),
    ("dropout/seed_generator/seed_generator_state", .uint32, .seed, false),
    ("seed_generator_3/seed_generator_state:0", .int64, .seed, false),
    ("mask", .bool, .other, false), ("position_ids", .int64, .other, false),
    ("text", .string, .other, false), ("record", .compound(8), .other, false),
    ("moving_mean", .int32, .other, false), ("count", .float32, .weight, false),
    ("w", .float8E4M3, .weight, false), ("fft", .complex64, .other, false),
    // Only whole words count.
    ("removing_mean", .float32, .weight, false), ("moving_means", .float32, .weight, false),
    ("running_var/kernel", .float32, .weight, false), ("discount", .int32, .other, false),
  ]

  @Test(arguments: table)
  func namesDecide(
    name: String, type: ElementType, role: TensorRole, isVariance: Bool
  ) {
    #expect(
      RoleConventions.verdict(TensorName(name), type: type)
        == RoleConventions.Verdict(role, isVariance: isVariance))
  }

  @Test(arguments: [
    ("a/b/kernel:0", "kernel"), ("kernel", "kernel"), ("bn.weight", "weight"), ("a/b.c:12", "c"),
    ("a:b", "a:b"), ("", ""), ("a/", "a"), ("w:", "w"),
  ])
  func leafIsTheLastWordWithoutItsNumber(path: String, leaf: String) {
    #expect(RoleConventions.leaf(of: path) == leaf)
  }
}
