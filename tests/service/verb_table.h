// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QJsonObject>
#include <QStringList>

namespace sotto::test {

/// A request for each method of the service that would be carried out for root, and would change
/// something where the method can. In the order of docs/IPC.md.
struct VerbSample {
    QString method;
    QJsonObject params;
};
const QList<VerbSample>& verbSamples();

/// The methods of the contract, as helper/protocol/methods.h has them.
QStringList contractMethods();
/// The methods that docs/IPC.md lists under a right; empty where there is no such right.
QStringList documentedMethods(const QString& right);

/// Samples as lines, and each of them broken in many ways; the same ones for the same seed.
QByteArrayList hostileLines(quint32 seed, int count);

} // namespace sotto::test
