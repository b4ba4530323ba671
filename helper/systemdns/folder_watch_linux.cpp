// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/folder_watch.h"

#include <QFile>
#include <QSocketNotifier>

#include <array>
#include <cstring>
#include <sys/inotify.h>

namespace sotto::systemdns {

namespace {

constexpr quint32 kFolderEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB;
constexpr quint32 kFileEvents = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF;
constexpr quint32 kParentEvents = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;

} // namespace

FolderWatch::FolderWatch(QString root, QStringList folders, QStringList names)
    : m_root(std::move(root))
    , m_folders(std::move(folders))
    , m_names(std::move(names))
    , m_inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (!m_inotify)
        return;
    auto* notifier = new QSocketNotifier(m_inotify.number(), QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &FolderWatch::readEvents);
    watchAll();
}

/// Watching again what is watched already changes nothing.
void FolderWatch::watchAll() {
    for (const QString& folder : m_folders) {
        watchOne(folder, kFolderEvents | IN_ONLYDIR);
        watchOne(folder.section(QLatin1Char('/'), 0, -2), kParentEvents);
        for (const QString& name : m_names)
            watchOne(folder + QLatin1Char('/') + name, kFileEvents);
    }
}

void FolderWatch::watchOne(const QString& path, quint32 events) {
    const QByteArray name = QFile::encodeName(m_root + path + QLatin1Char('/'));
    // Without the slash a link itself would be followed for a folder that is none.
    const bool isFolder = (events & IN_ONLYDIR) != 0;
    const int number = ::inotify_add_watch(
        m_inotify.number(), isFolder ? name.constData() : name.chopped(1).constData(),
        events | IN_MASK_ADD);
    if (number >= 0)
        m_paths.insert(number, path);
}

void FolderWatch::readEvents() {
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    bool concerns = false;
    bool news = false;
    for (;;) {
        const ssize_t length = ::read(m_inotify.number(), buffer.data(), buffer.size());
        if (length <= 0)
            break;
        for (ssize_t at = 0; at < length;) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const QString name =
                event.len > 0 ? QFile::decodeName(buffer.data() + at + sizeof event) : QString();
            at += static_cast<ssize_t>(sizeof event + event.len);
            const QString path = m_paths.value(event.wd);
            const QString whole = name.isEmpty() ? path : path + QLatin1Char('/') + name;
            news = news || m_folders.contains(whole);
            concerns = concerns || (event.mask & IN_Q_OVERFLOW) != 0 ||
                       m_names.contains(whole.section(QLatin1Char('/'), -1));
            if ((event.mask & IN_IGNORED) != 0)
                m_paths.remove(event.wd);
        }
    }
    if (concerns || news)
        watchAll();
    if (concerns || news)
        emit changed();
}

} // namespace sotto::systemdns
