// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/journal/journal_record.h"
#include "lease/steps.h"

#include <optional>

namespace sotto::lease {

/// The record on disk, in a folder that is the keeper's alone. A write is complete or did not
/// happen: temporary file, fsync, rename, fsync of the folder. The generation before the newest
/// stays beside it, for the case that the newest is damaged. Where nothing is of ours in the
/// system there is no file.
class Journal {
public:
    static constexpr qint64 kMaxOctets = 512 * 1024;

    /// The folder stays the caller's.
    explicit Journal(int folder, Steps steps = {});

    struct Loaded {
        std::optional<JournalRecord> record;
        bool isEarlier = false; ///< the newest is damaged; this is the one before it
        QString damage;         ///< why the newest could not be read; empty where it could
    };
    /// No record and no damage: there is none.
    Loaded load();

    /// Gives the record its generation and writes it. Empty, or why it could not be written; then
    /// what was there still is.
    [[nodiscard]] QString store(JournalRecord& record);

    /// The lease is over: removes both generations, the older one first. Empty, or why not.
    [[nodiscard]] QString close();

private:
    [[nodiscard]] QString remove(const char* name);
    void syncFolder() const;

    int m_folder;
    Steps m_steps;
    qint64 m_generation = 0;
    bool m_hasNewest = false; ///< there is a newest, and it can be read
};

} // namespace sotto::lease
