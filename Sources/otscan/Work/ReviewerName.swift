import Foundation

/// Who decides when nobody is named.
enum ReviewerName {
    /// The user's full name; of somebody who works by sudo the own one, for root reviews nothing.
    static var ofUser: String {
        let name = NSFullUserName()
        guard name == "root", let user = ProcessInfo.processInfo.environment["SUDO_USER"], !user.isEmpty, user != "root"
        else { return name }
        return user
    }
}
