// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>

class QCoreApplication;

namespace sotto::app {

/// Makes the application speak the language of the locale: English plural forms first, then the
/// locale's own texts and Qt's above them, where there are any.
void installTranslations(QCoreApplication& application, const QLocale& locale);

} // namespace sotto::app
