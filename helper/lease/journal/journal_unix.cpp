// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/journal/journal.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::lease {

namespace {

constexpr auto kNewest = "journal";
constexpr auto kEarlier = "journal.earlier";
constexpr auto kUnfinished = "journal.unfinished";
constexpr mode_t kOwnerOnly = 0600;

/// A descriptor that closes itself.
class OpenFile {
public:
    OpenFile(int folder, const char* name, int flags)
        : m_descriptor(
              ::openat(folder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kOwnerOnly)) {}
    ~OpenFile() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    bool isOpen() const { return m_descriptor >= 0; }
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
};

bool writeAll(int descriptor, const QByteArray& octets) {
    qsizetype done = 0;
    while (done < octets.size()) {
        const auto written = ::write(descriptor, octets.constData() + done,
                                     static_cast<std::size_t>(octets.size() - done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += written;
    }
    return true;
}

struct ReadFile {
    std::optional<JournalRecord> record;
    QString damage; ///< neither: there is no such file
};

ReadFile readFile(int folder, const char* name) {
    const OpenFile file(folder, name, O_RDONLY);
    if (!file.isOpen() && errno == ENOENT)
        return {};
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.descriptor(), &status) != 0)
        return {{}, QStringLiteral("it cannot be read: %1").arg(qt_error_string(errno))};
    if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || status.st_nlink != 1)
        return {{}, QStringLiteral("it is not an ordinary file of the keeper's own")};
    if (status.st_size > Journal::kMaxOctets)
        return {{}, QStringLiteral("it is too large")};
    QByteArray octets(status.st_size, Qt::Uninitialized);
    qsizetype done = 0;
    while (done < octets.size()) {
        const auto got = ::read(file.descriptor(), octets.data() + done,
                                static_cast<std::size_t>(octets.size() - done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return {{}, QStringLiteral("it cannot be read: %1").arg(qt_error_string(errno))};
        if (got == 0)
            break;
        done += got;
    }
    octets.truncate(done);
    auto read = readRecord(octets);
    if (auto* damage = std::get_if<JournalDamage>(&read))
        return {{}, damage->reason};
    return {std::get<JournalRecord>(std::move(read)), {}};
}

} // namespace

Journal::Journal(int folder, Steps steps)
    : m_folder(folder)
    , m_steps(std::move(steps)) {}

Journal::Loaded Journal::load() {
    ReadFile newest = readFile(m_folder, kNewest);
    m_hasNewest = newest.record.has_value();
    if (newest.record) {
        m_generation = newest.record->generation;
        return {std::move(newest.record), false, {}};
    }
    ReadFile earlier = readFile(m_folder, kEarlier);
    if (earlier.record) {
        m_generation = earlier.record->generation + 1;
        // Without a newest file a write ended between its two renames: what it was to record has
        // not begun, and the earlier one is in force.
        return {std::move(earlier.record), !newest.damage.isEmpty(), newest.damage};
    }
    return {{}, false, newest.damage.isEmpty() ? earlier.damage : newest.damage};
}

QString Journal::store(JournalRecord& record) {
    record.generation = m_generation + 1;
    const QByteArray octets = writtenRecord(record);
    const auto back = readRecord(octets);
    if (const auto* damage = std::get_if<JournalDamage>(&back))
        return QStringLiteral("it could not be read again: %1").arg(damage->reason);
    const auto failed = [&] {
        const QString why = qt_error_string(errno);
        ::unlinkat(m_folder, kUnfinished, 0);
        return why;
    };
    ::unlinkat(m_folder, kUnfinished, 0);
    {
        const OpenFile file(m_folder, kUnfinished, O_WRONLY | O_CREAT | O_EXCL);
        if (!file.isOpen() || !writeAll(file.descriptor(), octets) ||
            ::fsync(file.descriptor()) != 0)
            return failed();
    }
    passStep(m_steps, "journal: written");
    if (m_hasNewest && ::renameat(m_folder, kNewest, m_folder, kEarlier) != 0)
        return failed();
    passStep(m_steps, "journal: earlier one kept");
    if (::renameat(m_folder, kUnfinished, m_folder, kNewest) != 0) {
        const QString why = failed();
        if (m_hasNewest)
            ::renameat(m_folder, kEarlier, m_folder, kNewest);
        return why;
    }
    m_generation = record.generation;
    m_hasNewest = true;
    syncFolder();
    passStep(m_steps, "journal: in place");
    return {};
}

QString Journal::close() {
    QString why = remove(kUnfinished);
    if (why.isEmpty())
        why = remove(kEarlier);
    if (!why.isEmpty())
        return why;
    syncFolder();
    passStep(m_steps, "journal: earlier one removed");
    why = remove(kNewest);
    if (!why.isEmpty())
        return why;
    syncFolder();
    m_hasNewest = false;
    passStep(m_steps, "journal: removed");
    return {};
}

QString Journal::remove(const char* name) {
    return ::unlinkat(m_folder, name, 0) == 0 || errno == ENOENT ? QString()
                                                                 : qt_error_string(errno);
}

void Journal::syncFolder() const {
    ::fsync(m_folder); // some file systems cannot; the files themselves are complete then too
}

} // namespace sotto::lease
