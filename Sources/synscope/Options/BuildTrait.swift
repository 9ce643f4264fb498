/// What a build can leave out.
enum BuildTrait {
    /// The refusal of a build that was made without something.
    static func missing(_ trait: String, for what: String) -> Failure {
        Failure(
            .failed,
            "\(what): this synscope was built without the package trait \(trait); build it anew "
                + "without --disable-default-traits, or with --traits \(trait)")
    }
}
