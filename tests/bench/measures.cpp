// SPDX-License-Identifier: GPL-3.0-or-later
#include "measures.h"

#include <algorithm>

namespace sotto::bench {

double median(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double quantile(const std::vector<double>& sorted, double share) {
    return sorted.empty()
               ? 0
               : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void SubjectResult::addFault(const std::string& fault) {
    const auto beginning = fault.substr(0, fault.find_first_of("0123456789"));
    if (std::none_of(faults.begin(), faults.end(),
                     [&](const std::string& earlier) { return earlier.starts_with(beginning); }))
        faults.push_back(fault);
}

std::optional<double> SubjectResult::of(const std::string& measure) const {
    const auto found = samples.find(measure);
    return found == samples.end() ? std::nullopt : std::optional(median(found->second));
}

const SubjectResult* find(const std::vector<SubjectResult>& results, const std::string& name) {
    const auto found = std::find_if(results.begin(), results.end(), [&](const auto& result) {
        return result.subject.name == name;
    });
    return found == results.end() ? nullptr : &*found;
}

std::optional<double> figureOf(const std::vector<SubjectResult>& results, const std::string& name,
                               const std::string& measure) {
    const SubjectResult* result = find(results, name);
    return result ? result->of(measure) : std::nullopt;
}

Best bestPeer(const std::vector<SubjectResult>& results, const std::string& measure,
              bool lowerIsBetter) {
    Best best;
    for (const SubjectResult& result : results) {
        const auto figure = result.of(measure);
        if (result.subject.kind != Subject::Kind::Peer || !figure || *figure <= 0)
            continue;
        if (!best.figure || (lowerIsBetter ? *figure < *best.figure : *figure > *best.figure))
            best = {figure, result.subject.name};
    }
    return best;
}

} // namespace sotto::bench
