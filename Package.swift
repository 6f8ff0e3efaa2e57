// swift-tools-version: 6.3
import PackageDescription

/// Every target is compiled under the same rules: what is unsafe says so, existentials are spelled
/// out, and a target sees only the modules that it imports itself.
let rules: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "ctl",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "ctl-merge", targets: ["ctl-merge"]),
    .executable(name: "ctl-probe", targets: ["ctl-probe"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
    .library(name: "Merging", targets: ["Merging"]),
    .library(name: "Architectures", targets: ["Architectures"]),
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "Probing", targets: ["Probing"]),
    .library(name: "FormatRegistry", targets: ["FormatRegistry"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The vocabulary and the movement of bytes; no format, no arithmetic.
    .target(name: "CSystemCalls"),
    .target(name: "Checkpoints", dependencies: ["CSystemCalls", crypto], swiftSettings: rules),

    // Arithmetic over tiles; no input or output.
    .target(name: "CKernels"),
    .target(name: "Kernels", dependencies: ["Checkpoints", "CKernels"], swiftSettings: rules),

    // Formats on disk, one folder each. Only HDF5 sees libhdf5.
    .systemLibrary(
      name: "CHDF5", path: "Formats/HDF5/CHDF5", pkgConfig: "hdf5",
      providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "CDeflate", path: "Formats/CDeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .systemLibrary(
      name: "CISAL", path: "Formats/CISAL", pkgConfig: "libisal",
      providers: [.apt(["libisal-dev"]), .brew(["isa-l"])]),
    .systemLibrary(
      name: "CZlib", path: "Formats/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(
      name: "HDF5", dependencies: ["Checkpoints", "CHDF5", "CDeflate"],
      path: "Formats/HDF5/Sources", swiftSettings: rules),
    .target(
      name: "Keras", dependencies: ["Architectures", "Checkpoints", "HDF5", "JSON", "Zip"],
      path: "Formats/Keras/Sources", swiftSettings: rules),
    .target(
      name: "Zip", dependencies: ["Checkpoints", "CISAL", "CZlib"],
      path: "Formats/Zip/Sources", swiftSettings: rules),
    .target(
      name: "NumPy", dependencies: ["Checkpoints", "Zip"],
      path: "Formats/NumPy/Sources", swiftSettings: rules),
    .target(
      name: "JSON", dependencies: ["Checkpoints"], path: "Formats/JSON/Sources",
      swiftSettings: rules),
    .target(
      name: "Safetensors", dependencies: ["Checkpoints", "JSON"],
      path: "Formats/Safetensors/Sources", swiftSettings: rules),
    .target(
      name: "GGUF", dependencies: ["Checkpoints"], path: "Formats/GGUF/Sources",
      swiftSettings: rules),
    .target(
      name: "PyTorch", dependencies: ["Checkpoints", "Zip"],
      path: "Formats/PyTorch/Sources", swiftSettings: rules),
    .target(
      name: "FormatRegistry",
      dependencies: [
        "Checkpoints", "GGUF", "HDF5", "Keras", "NumPy", "PyTorch", "Safetensors", "Zip",
      ],
      path: "Formats/Registry/Sources", swiftSettings: rules),

    // Recipe -> plan -> execution, and the surveys of values (statistics, differences).
    .target(name: "CLAPACK", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(
      name: "Merging", dependencies: ["Checkpoints", "CLAPACK", "Kernels", "Recipes", crypto],
      swiftSettings: rules),

    // YAML -> a checked recipe -> what becomes of each tensor; no values, no arithmetic.
    .target(name: "Recipes", dependencies: ["Checkpoints", yams], swiftSettings: rules),

    // What Keras's configurations say: the graph of a network, and whose tensors are which in files.
    .target(name: "Architectures", dependencies: ["Checkpoints"], swiftSettings: rules),

    // A graph -> networks that run, on oneDNN.
    .systemLibrary(
      name: "COneDNN", path: "Sources/COneDNN",
      providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    .target(name: "CNetworks"),
    .target(
      name: "Networks",
      dependencies: ["Architectures", "Checkpoints", "Kernels", "COneDNN", "CNetworks"],
      swiftSettings: rules,
      linkerSettings: [.linkedLibrary("gomp", .when(platforms: [.linux]))]),

    // Several networks in lockstep over a data set: metrics, verdicts, reports.
    .target(name: "CMetrics"),
    .target(
      name: "Probing",
      dependencies: ["Checkpoints", "Kernels", "Networks", "Reporting", "CMetrics", crypto],
      swiftSettings: rules),

    // What the programs share: notes, progress, exit codes, tables, JSON.
    .target(
      name: "Terminal", dependencies: ["Checkpoints", argumentParser], swiftSettings: rules),

    // A report as a document, in a terminal and as a page.
    .target(name: "Reporting", dependencies: ["Checkpoints"], swiftSettings: rules),

    // The programs: parse, call, print.
    .executableTarget(
      name: "ctl-merge",
      dependencies: [
        "Architectures", "Checkpoints", "FormatRegistry", "JSON", "Merging", "Recipes", "Reporting",
        "Safetensors", "Terminal", argumentParser,
      ],
      swiftSettings: rules),
    .executableTarget(
      name: "ctl-probe",
      dependencies: [
        "Checkpoints", "FormatRegistry", "Networks", "Probing", "Reporting", "Terminal",
        argumentParser,
      ],
      swiftSettings: rules),

    // What tools/bench times networks with; no product.
    .executableTarget(
      name: "network-benchmark",
      dependencies: [
        "Checkpoints", "FormatRegistry", "Networks", "Probing", "Terminal", argumentParser,
      ],
      swiftSettings: rules),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Checkpoints", "FormatRegistry", "HDF5"],
      path: "Tests/Support", swiftSettings: rules),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["Checkpoints", "TestSupport"], swiftSettings: rules),
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "Checkpoints", "TestSupport"],
      swiftSettings: rules),
    .testTarget(
      name: "HDF5Tests", dependencies: ["HDF5", "TestSupport", "ctl-merge"], swiftSettings: rules),
    .testTarget(
      name: "KerasTests",
      dependencies: [
        "Architectures", "Checkpoints", "FormatRegistry", "HDF5", "Keras", "Merging", "TestSupport",
        "ctl-merge",
      ],
      swiftSettings: rules),
    .testTarget(
      name: "FormatTests",
      dependencies: [
        "Checkpoints", "FormatRegistry", "HDF5", "Merging", "NumPy", "Safetensors",
        "TestSupport", "ctl-merge",
      ],
      swiftSettings: rules),
    .testTarget(
      name: "ZipTests", dependencies: ["Zip", "Checkpoints", "TestSupport"], swiftSettings: rules),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: rules),
    .testTarget(
      name: "SafetensorsTests",
      dependencies: [
        "Safetensors", "Checkpoints", "FormatRegistry", "Merging", "TestSupport",
      ],
      swiftSettings: rules),
    .testTarget(
      name: "PyTorchTests", dependencies: ["PyTorch", "Checkpoints", "TestSupport", "Zip"],
      swiftSettings: rules),
    .testTarget(
      name: "NumPyTests",
      dependencies: ["NumPy", "Checkpoints", "FormatRegistry", "Merging", "TestSupport"],
      swiftSettings: rules),
    .testTarget(
      name: "MergingTests",
      dependencies: ["Merging", "Checkpoints", "Kernels", "Recipes", "TestSupport", crypto],
      swiftSettings: rules),
    .testTarget(
      name: "RecipesTests", dependencies: ["Recipes", "Checkpoints", "JSON", "TestSupport"],
      exclude: ["Vectors"], swiftSettings: rules),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["Networks", "Checkpoints", "FormatRegistry", "TestSupport"],
      exclude: ["Vectors"], swiftSettings: rules),
    .testTarget(
      name: "ProbingTests",
      dependencies: [
        "Probing", "Networks", "Checkpoints", "FormatRegistry", "HDF5", "Reporting", "Terminal",
        "TestSupport",
        "ctl-merge",
      ],
      exclude: ["Vectors"], swiftSettings: rules),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["TestSupport", "Checkpoints", "FormatRegistry", "ctl-merge", "ctl-probe"],
      swiftSettings: rules),
  ]
)
