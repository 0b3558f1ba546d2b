import Signatures
import Testing

/// Patterns mean what regular expressions mean, and take no longer than a text's length allows.
@Suite struct PatternTests {
    @Test(arguments: [
        ("abc", "xxABCxx", ["ABC"]), ("^a.c$", "abc", ["abc"]), ("a|bc|d", "xbcx", ["bc"]),
        ("(a+)(b*)", "caabbd", ["aabb", "aa", "bb"]), ("(a+?)(a*)", "aaa", ["aaa", "a", "aa"]),
        ("x(?:ab){2,3}y", "xababababyxababy", ["xababy"]), ("[^,]+,(\\d{2})", "foo,123", ["foo,12", "12"]),
        ("\\bplc\\b", "the PLC-1", ["PLC"]), ("(a)|(b)", "b", ["b", "", "b"]), ("日本", "は日本の", ["日本"]),
        ("(a*)*b", "aaab", ["aaab", "aaa"]), ("a{0}b", "ab", ["b"]), ("[]x]+", "a]x", ["]x"]),
        ("[a-c-]+", "-cab-", ["-cab-"]),
        ("\\.", "a.b", ["."]), ("V(er)?sion ([0-9.]+)", "Vsion 1.2", ["Vsion 1.2", "", "1.2"]),
    ])
    func matches(_ pattern: String, _ text: String, _ groups: [String]) throws {
        #expect(try Pattern(pattern).match(text) == groups)
    }

    @Test(arguments: [("^b", "ab"), ("a$", "ab"), ("\\bplc\\b", "plcs"), ("a{3}", "aa"), ("[^a]", "a"), (".", "\n")])
    func doesNotMatch(_ pattern: String, _ text: String) throws {
        #expect(try Pattern(pattern).match(text) == nil)
    }

    @Test(arguments: [
        "", "(", ")", "a)", "*a", "a**", "[a", "[b-a]", "a{2", "a{3,2}", "\\q", "\\", "(?=a)", "(?<n>a)",
        "((((((((((a))))))))))",
    ])
    func refuses(_ pattern: String) {
        #expect(throws: Pattern.Problem.self) { try Pattern(pattern) }
    }

    /// Patterns that make backtracking matchers take exponential time.
    @Test(arguments: ["(a+)+$", "(a|aa)+$", "(.*a){12}x"])
    func takesNoExponentialTime(_ pattern: String) throws {
        let text = String(repeating: "a", count: 1000) + "!"
        let pattern = try Pattern(pattern)
        let started = ContinuousClock.now
        #expect(pattern.match(text) == nil)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    /// Looking for necessary parts first must not lose a match.
    @Test(arguments: [
        ("(?:^|-)(?:plc|rtu)(?:$|-)", "a-RTU-1"), ("a?b?", "x"), ("(?:ab|c)+d", "cd"), ("x*yz", "yz"), ("(?:a|)b", "b"),
        ("[ab]cd|ef", "ef"), ("\\bSwitch\\b|[0-9]", "7"),
    ])
    func necessaryPartsAreNecessary(_ pattern: String, _ text: String) throws {
        #expect(try Pattern(pattern).match(text) != nil)
    }
}
