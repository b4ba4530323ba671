// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace sotto::bench {

/// Takes this process and its children into a network of their own, which leads nowhere, so that no
/// program under measure can reach anything outside and every port is free; and into mounts of
/// their own, where the peers' root sees /dev, /proc and the folder for temporary files. Both end
/// with the last process.
///
/// Needs root or the right to make user namespaces. To be called before any thread is started.
/// Where it fails, error says why.
[[nodiscard]] bool enterOwnWorld(const std::filesystem::path& peersRoot, std::string& error);

} // namespace sotto::bench
