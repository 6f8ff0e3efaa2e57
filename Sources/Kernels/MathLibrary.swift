// `squareRoot()` may become a call of the C library's sqrt. Importing the C library links its
// mathematical part into programs that import nothing else which would.
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif
