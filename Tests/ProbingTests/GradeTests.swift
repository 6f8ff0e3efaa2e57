import Probing
import Reporting
import Testing

@Suite("Grades")
struct GradeTests {
  @Test("linear stands before weak before broken")
  func order() {
    #expect([Grade.broken, .linear, .weak].sorted() == [.linear, .weak, .broken])
  }
}
