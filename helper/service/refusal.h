// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/methods.h"

#include <QString>

namespace sotto::service {

/// Why a request is not carried out, as it goes back to the client.
struct Refusal {
    int code = protocol::Rejected;
    QString message;
};

} // namespace sotto::service
