// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

/// What a word that nobody knows was probably meant to be. Pure.
namespace sotto::protocol {

/// The candidate that is near; empty where none is.
QString nearestText(const QString& text, const QStringList& candidates);
/// " (did you mean \"…\"?)" for the nearest candidate, or nothing.
QString didYouMean(const QString& text, const QStringList& candidates);

} // namespace sotto::protocol
