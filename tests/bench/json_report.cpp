// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace sotto::bench {

namespace {

QString text(const std::string& plain) {
    return QString::fromStdString(plain);
}

QJsonArray array(const std::vector<double>& values) {
    QJsonArray result;
    for (const double value : values)
        result.append(value);
    return result;
}

QJsonObject object(const SubjectResult& result) {
    QJsonObject samples;
    QJsonObject medians;
    for (const auto& [measure, values] : result.samples) {
        samples[text(measure)] = array(values);
        medians[text(measure)] = median(values);
    }
    QJsonArray faults;
    for (const std::string& fault : result.faults)
        faults.append(text(fault));
    QJsonObject subject{{QStringLiteral("name"), text(result.subject.name)},
                        {QStringLiteral("version"), text(result.subject.version)},
                        {QStringLiteral("upstream"), text(result.subject.upstream)}};
    if (!result.subject.absent.empty())
        subject[QStringLiteral("not_measured")] = text(result.subject.absent);
    if (!result.subject.remark.empty())
        subject[QStringLiteral("remark")] = text(result.subject.remark);
    subject[QStringLiteral("faults")] = faults;
    subject[QStringLiteral("medians")] = medians;
    subject[QStringLiteral("samples")] = samples;
    return subject;
}

QJsonObject object(const Goal& goal) {
    QJsonObject result{{QStringLiteral("what"), text(goal.what)},
                       {QStringLiteral("unit"), text(goal.unit)},
                       {goal.atMost ? QStringLiteral("at_most") : QStringLiteral("at_least"),
                        goal.bound ? QJsonValue(*goal.bound) : QJsonValue()},
                       {QStringLiteral("bound_from"), text(goal.boundFrom)}};
    if (goal.known()) {
        result[QStringLiteral("figure")] = *goal.figure;
        result[QStringLiteral("reached")] = goal.reached();
    }
    return result;
}

QJsonObject link(const Report& report) {
    if (!report.noLink.empty())
        return {{QStringLiteral("not_measured"), text(report.noLink)}};
    return {{QStringLiteral("round_trips_ms"), array(report.roundTrips)}};
}

} // namespace

bool writeJson(const Report& report) {
    QJsonArray subjects;
    for (const SubjectResult& result : report.results)
        subjects.append(object(result));
    QJsonArray goals;
    for (const Goal& goal : goalsOf(report))
        goals.append(object(goal));
    QJsonArray micro;
    for (const MicroFigure& figure : report.micro)
        micro.append(QJsonObject{{QStringLiteral("step"), text(figure.step)},
                                 {QStringLiteral("median_ns"), median(figure.nanos)},
                                 {QStringLiteral("samples_ns"), array(figure.nanos)}});
    const QJsonObject all{
        {QStringLiteral("machine"),
         QJsonObject{{QStringLiteral("processor"), text(report.machine.processor)},
                     {QStringLiteral("cores"), static_cast<int>(report.machine.cores)},
                     {QStringLiteral("kernel"), text(report.machine.kernel)},
                     {QStringLiteral("load_average_before"), report.loadBefore},
                     {QStringLiteral("load_average_after"), report.loadAfter},
                     {QStringLiteral("used_by_others"), report.othersShare}}},
        {QStringLiteral("debian"), text(report.suite)},
        {QStringLiteral("dnsperf"), text(report.dnsperf)},
        {QStringLiteral("rounds"), report.options.rounds},
        {QStringLiteral("seconds_a_load"), static_cast<double>(report.options.load.count()) / 1000},
        {QStringLiteral("names"), static_cast<qint64>(report.options.names)},
        {QStringLiteral("entries"), static_cast<qint64>(report.options.entries)},
        {QStringLiteral("link"), link(report)},
        {QStringLiteral("subjects"), subjects},
        {QStringLiteral("goals"), goals},
        {QStringLiteral("micro"), micro},
    };
    QFile file(text(report.options.json.string()));
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
           file.write(QJsonDocument(all).toJson()) >= 0 && file.flush();
}

} // namespace sotto::bench
