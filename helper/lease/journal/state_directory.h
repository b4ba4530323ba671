// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace sotto::lease {

/// The keeper's own folder: 0700, made where it is missing, and refused where somebody else could
/// write in it or in a folder above it. One process at a time holds its lock.
class StateDirectory {
public:
    static constexpr auto kDefaultPath = "/var/lib/sotto-lease";

    StateDirectory() = default;
    ~StateDirectory();
    StateDirectory(const StateDirectory&) = delete;
    StateDirectory& operator=(const StateDirectory&) = delete;

    /// Empty where it could be opened; else why not.
    [[nodiscard]] QString open(const QString& path);
    /// Like open(), but makes nothing; exists() says whether it is there.
    [[nodiscard]] QString openExisting(const QString& path);
    bool exists() const { return m_folder >= 0; }

    enum class Lock { Taken, Busy, Failed };
    /// Takes the lock, which ends with this object or the process. Does not wait.
    [[nodiscard]] Lock lock(QString& why);

    int descriptor() const { return m_folder; }

private:
    int m_folder = -1;
    int m_lock = -1;
};

} // namespace sotto::lease
