// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/privileges.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sotto::service {

namespace {

struct Account {
    uid_t user;
    gid_t group;
};

std::optional<Account> accountOf(const QString& name, QString& why) {
    const passwd* entry = ::getpwnam(name.toLocal8Bit().constData());
    if (!entry)
        why = QStringLiteral("there is no user \"%1\"").arg(name);
    else if (entry->pw_uid == 0)
        why = QStringLiteral("--user must name a user other than root");
    else
        return Account{entry->pw_uid, entry->pw_gid};
    return std::nullopt;
}

bool fail(QString& why, const char* what) {
    why = QStringLiteral("%1: %2").arg(QLatin1String(what), qt_error_string(errno));
    return false;
}

/// Every capability but the one for low ports leaves the bounding set, so that nothing brings it
/// back.
bool bound() {
    for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         ++capability) {
        if (capability != CAP_NET_BIND_SERVICE &&
            ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            return false;
    }
    return true;
}

bool keepOnlyLowPorts() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    sets[0].permitted = sets[0].effective = 1U << CAP_NET_BIND_SERVICE;
    return ::syscall(SYS_capset, &header, sets.data()) == 0;
}

} // namespace

bool makeFolderFor(const QString& user, const QString& path, unsigned mode, QString& why) {
    const auto account = accountOf(user, why);
    if (!account)
        return false;
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), mode) != 0) {
        if (errno == EEXIST)
            return true; // whose it is was somebody's decision
        return fail(why, name.constData());
    }
    const int folder = ::open(name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const bool done = folder >= 0 && ::fchown(folder, account->user, account->group) == 0 &&
                      ::fchmod(folder, mode) == 0;
    if (!done)
        fail(why, name.constData());
    if (folder >= 0)
        ::close(folder);
    return done;
}

bool becomeUser(const QString& user, QString& why) {
    if (::geteuid() != 0) {
        why = QStringLiteral("only root can start it with --user");
        return false;
    }
    const auto account = accountOf(user, why);
    if (!account)
        return false;
    const bool done = bound() && ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
                      ::initgroups(user.toLocal8Bit().constData(), account->group) == 0 &&
                      ::setresgid(account->group, account->group, account->group) == 0 &&
                      ::setresuid(account->user, account->user, account->user) == 0 &&
                      keepOnlyLowPorts() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    return done || fail(why, "the rights of root cannot be given up");
}

} // namespace sotto::service
