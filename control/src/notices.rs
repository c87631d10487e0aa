//! What `--licenses` prints: the notices that are owed with every copy of the program.

/// Sideman's own licences, the notice of the built-in sounds, and those of the libraries compiled in.
pub fn notices() -> String {
    let ruler = "=".repeat(80);
    let part = |title: &str, text: &str| format!("{ruler}\n{title}\n{ruler}\n\n{}\n\n", text.trim());
    [
        part("Sideman, under either of two licences at your choice: MIT", include_str!("../../LICENSE-MIT")),
        part("or Apache-2.0", include_str!("../../LICENSE-APACHE")),
        part("The built-in sounds", include_str!("../../presets/sounds/LICENSE-FluidR3")),
        part("The libraries", include_str!("../../presets/licences.txt")),
        part("The Rust standard library", "Copyright (c) The Rust Project contributors. MIT OR Apache-2.0."),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our own crates, whose licence is that of the whole.
    const OURS: [&str; 3] = ["engine", "models", "control"];

    /// What a manifest depends on when the program is built: not its tests.
    fn dependencies(manifest: &str) -> Vec<String> {
        let manifest: toml::Table = toml::from_str(manifest).unwrap();
        let platforms = manifest.get("target").and_then(|target| target.as_table()).into_iter().flatten();
        let tables = platforms.filter_map(|(_, platform)| platform.as_table()).chain([&manifest]);
        let lists = tables.filter_map(|table| table.get("dependencies")?.as_table());
        lists.flat_map(|list| list.keys().cloned()).filter(|name| !OURS.contains(&name.as_str())).collect()
    }

    #[test]
    fn every_dependency_is_named_with_its_licence() {
        let notices = notices();
        let manifests = [
            include_str!("../Cargo.toml"),
            include_str!("../../engine/Cargo.toml"),
            include_str!("../../models/Cargo.toml"),
        ];
        for name in manifests.into_iter().flat_map(dependencies) {
            // A sanitizer's build is never shipped.
            if name != "rtsan-standalone" {
                assert!(
                    notices.contains(&format!("\n{name} ")),
                    "run presets/licences.py: {name} is missing"
                );
            }
        }
    }

    #[test]
    fn the_notices_that_must_be_reproduced_are_whole() {
        let notices = notices();
        for owed in [
            "Copyright 2026 The Sideman developers",
            "2000-2002, 2008 Frank Wen",
            "2008 Toby Smithe",
            "Nobuaki Tanaka",
            "Florian Jung",
            "Mozilla Public License",
            "END OF TERMS AND CONDITIONS",
        ] {
            assert!(notices.contains(owed), "{owed}");
        }
    }
}
