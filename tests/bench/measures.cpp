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

double SubjectResult::of(const std::string& measure) const {
    const auto found = samples.find(measure);
    return found == samples.end() ? 0 : median(found->second);
}

const SubjectResult* find(const std::vector<SubjectResult>& results, const std::string& name) {
    const auto found = std::find_if(results.begin(), results.end(), [&](const auto& result) {
        return result.subject.name == name;
    });
    return found == results.end() ? nullptr : &*found;
}

Best bestPeer(const std::vector<SubjectResult>& results, const std::string& measure,
              bool lowerIsBetter) {
    Best best;
    for (const SubjectResult& result : results) {
        const double figure = result.of(measure);
        if (result.subject.kind != Subject::Kind::Peer || figure <= 0)
            continue;
        if (best.name.empty() || (lowerIsBetter ? figure < best.figure : figure > best.figure))
            best = {figure, result.subject.name};
    }
    return best;
}

} // namespace sotto::bench
