// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/sleep_watch.h"

namespace sotto::service {

class SleepWatch::System {};

SleepWatch::SleepWatch(QObject* parent)
    : QObject(parent) {}

SleepWatch::~SleepWatch() = default;

} // namespace sotto::service
