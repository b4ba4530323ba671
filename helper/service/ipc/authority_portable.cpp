// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/authority.h"

namespace sotto::service {

std::unique_ptr<Authority> systemAuthority() {
    return nullptr;
}

} // namespace sotto::service
